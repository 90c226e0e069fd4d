/** What stands in a database after a run, also after one that was killed. */
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { expect } from 'vitest';
import type { Mapping } from '../../engine/mapping/mapping.ts';
import { compile } from '../../engine/plan/compile.ts';
import { quote } from '../../engine/sql/dialect.ts';
import { type Database, openDatabase, readDatabase } from '../../engine/store/database/database.ts';
import { readMarks } from '../../engine/store/state/checkpoint.ts';
import { findState } from '../../engine/store/state/state.ts';
import { verifyState } from '../../engine/verify/verify.ts';
import { mappingOf } from '../support/engine.ts';
import { ALONE, type Scene } from './ledger.ts';

/** How far the ledger has come. */
export interface Left {
  readonly loaded: boolean;
  /** Of the log, as many as the checkpoint says. */
  readonly records: number;
  /** The target's rows, in an order of their own; null where there is no target. */
  readonly target: string | null;
}

export const NOTHING_LEFT: Left = { loaded: false, records: 0, target: null };

/**
 * Looks at what a run has left, and fails unless it is whole: the target is what the state says, and holds whole
 * transactions. Looks at a copy, so that the next run meets the file as it was left.
 */
export function lookAt(database: string, scene: Scene = ALONE): Left {
  if (!existsSync(database)) return NOTHING_LEFT;
  const copy = `${database}.copy`;
  for (const file of ['', '-wal', '-shm', '-journal']) rmSync(copy + file, { force: true });
  copyFileSync(database, copy);
  for (const kept of ['-wal', '-journal']) if (existsSync(database + kept)) copyFileSync(database + kept, copy + kept);
  const mapping = mappingOf(scene.yaml);
  const left = reading(copy, (db) => leftIn(db, mapping));
  if (scene.before) expect(reading(copy, othersIn)).toEqual(othersOf(scene.before));
  const all = [mapping, ...(scene.other ? [mappingOf(scene.other)] : [])];
  if (scene.other && left.loaded) expect(reading(copy, stocksIn)).toEqual([2n]);
  for (const each of left.loaded ? all : [])
    expect(verifyState(each, { output: copy })).toMatchObject({ missing: 0, unexpected: 0 });
  return left;
}

function leftIn(db: Database, mapping: Mapping): Left {
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  const target = tablesIn(db).includes(mapping.metric) ? rowsIn(db, mapping.metric).join('\n') : null;
  if (target !== null) expect(db.prepare('SELECT total(amount) FROM ledger').pluck().get()).toBe(0);
  const state = findState(db, compile(mapping));
  if (!state) return { ...NOTHING_LEFT, target };
  const marks = mapping.sources.flatMap(({ name }) => readMarks(db, state, name));
  return { loaded: state.loaded, records: marks.reduce((sum, mark) => sum + mark.records, 0), target };
}

/** How many metrics have their state in each stock. */
export function stocksIn(db: Database): readonly bigint[] {
  if (!tablesIn(db).includes('_etl_metric')) return [];
  return db.prepare('SELECT count(*) FROM _etl_metric GROUP BY stock ORDER BY 1').pluck().all() as bigint[];
}

/** Rows of others in the target, and those that were there before all. */
function othersIn(db: Database): readonly unknown[] {
  return db.prepare("SELECT * FROM ledger WHERE note = 'own' ORDER BY transfer").raw().all();
}

function othersOf(before: string): readonly unknown[] {
  const db = openDatabase(':memory:');
  db.exec(before);
  return othersIn(db);
}

/** All that a database holds, the state included, but for its past runs: a line for each row, in an order of their own. */
export function contentOf(database: string): readonly string[] {
  const isCompared = (table: string) => table !== '_etl_run';
  return reading(database, (db) =>
    tablesIn(db)
      .filter(isCompared)
      .flatMap((table) => rowsIn(db, table)),
  );
}

function tablesIn(db: Database): readonly string[] {
  return db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").pluck().all() as string[];
}

/** Neither a relation's own row numbers nor how often and when was committed say anything of what was read. */
function rowsIn(db: Database, table: string): readonly string[] {
  const rows = db.prepare(`SELECT * FROM ${quote(table)}`).all() as Record<string, unknown>[];
  return rows.map(({ rid, commits, committed, ...row }) => `${table}: ${Object.values(row).join(', ')}`).sort();
}

function reading<T>(database: string, work: (db: Database) => T): T {
  const db = readDatabase(database);
  try {
    return work(db);
  } finally {
    db.close();
  }
}
