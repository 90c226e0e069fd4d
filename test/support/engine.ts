import Sqlite from 'better-sqlite3';
import type { Row } from '../../engine/change.ts';
import { EtlError } from '../../engine/diagnostic/diagnostic.ts';
import { framed } from '../../engine/diagnostic/frame.ts';
import { parseMapping } from '../../engine/mapping/load.ts';
import type { Mapping } from '../../engine/mapping/mapping.ts';
import { quote } from '../../engine/sql/dialect.ts';
import { readDatabase } from '../../engine/store/database/database.ts';

/** The mapping of a YAML text. Fails with the findings where it has errors. */
export function mappingOf(yaml: string, file = 'mapping.yaml'): Mapping {
  const loaded = parseMapping(yaml, file);
  if ('mapping' in loaded) return loaded.mapping;
  throw new Error(loaded.diagnostics.map((each) => framed(each)).join('\n'));
}

/** All rows of a table, in no order. */
export function rowsOf(database: string, table: string): readonly Row[] {
  const db = readDatabase(database);
  try {
    return db
      .prepare(`SELECT * FROM ${quote(table)}`)
      .raw()
      .all() as Row[];
  } finally {
    db.close();
  }
}

/** The names of a table's columns, in order. */
export function columnsOf(database: string, table: string): readonly string[] {
  const db = readDatabase(database);
  try {
    return db
      .prepare(`SELECT * FROM ${quote(table)}`)
      .columns()
      .map(({ name }) => name);
  } finally {
    db.close();
  }
}

/** Changes a database behind the engine's back; it is made where there is none. */
export function execute(database: string, sql: string): void {
  const db = new Sqlite(database);
  db.exec(sql);
  db.close();
}

/** The findings of what must fail with an EtlError, as they are printed. */
export async function findingsOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof EtlError) return error.diagnostics.map((each) => framed(each)).join('\n');
    throw error;
  }
  throw new Error('nothing was found');
}
