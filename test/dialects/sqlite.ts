import { sqlite } from '../../engine/sql/dialect.ts';
import { openDatabase } from '../../engine/store/database/database.ts';
import type { Contender } from './contender.ts';

/** The engine's own database, in memory. */
export function openSqlite(): Contender {
  const db = openDatabase(':memory:');
  return {
    name: 'SQLite',
    dialect: sqlite,
    run: async (statements) => {
      for (const statement of statements) db.exec(statement);
    },
    rows: async (select) => db.prepare(select).raw().all() as (string | null)[][],
    alone: (work) => work(),
    stop: async () => {
      db.close();
    },
  };
}
