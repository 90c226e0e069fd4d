import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clickhouse } from '../../engine/sql/clickhouse/dialect.ts';
import { hasChdb, openChdb } from '../sink/chdb.ts';
import type { Contender } from './contender.ts';

/** ClickHouse within this process, null where it is not installed. */
export async function openClickhouse(): Promise<Contender | null> {
  if (!hasChdb()) return null;
  const folder = mkdtempSync(join(tmpdir(), 'clickhouse-'));
  const session = openChdb(folder);
  const query = (sql: string): string[] =>
    session
      .query(sql, 'JSONCompactEachRow')
      .split('\n')
      .filter((line) => line !== '');
  const run = async (statements: readonly string[]) => statements.forEach(query);
  return {
    name: 'ClickHouse',
    // A MergeTree takes longer to make than a test to run.
    dialect: { ...clickhouse, engine: ' ENGINE = Memory' },
    run,
    rows: async (select) => query(select).map((line) => JSON.parse(line)),
    alone: async (work) => {
      await run(['CREATE DATABASE alone ENGINE = Memory', 'USE alone']);
      try {
        return await work();
      } finally {
        await run(['USE default', 'DROP DATABASE alone']);
      }
    },
    stop: async () => {
      session.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
