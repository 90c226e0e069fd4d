import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import Sqlite from 'better-sqlite3';
import { diagnose, EtlError, fail } from '../../diagnostic/diagnostic.ts';
import { type Code, hints } from '../../diagnostic/messages.ts';
import { registerOperations } from './functions.ts';

export type Database = Sqlite.Database;

/** How long a run waits for another run's batch to be committed, in ms, where nothing else is said. */
export const LOCK_WAIT = 30_000;

/**
 * Opens a SQLite file that holds, or will hold, state and target; `:memory:` for a scratch one.
 *
 * Integers come out as bigint: a double would lose digits from 2^53 on. Throws an EtlError where the file can't be used.
 */
export function openDatabase(path: string, lockWait: number = LOCK_WAIT): Database {
  try {
    const db = new Sqlite(path, { timeout: lockWait, nativeBinding: driverFile() });
    db.defaultSafeIntegers(true);
    // Of a new file. A load reads and writes pages all over; twice as large, they are half as many.
    db.pragma('page_size = 8192');
    // In KiB: the indexes of a million rows, and what a thousand changes touch of them. What has no place is written twice.
    db.pragma('cache_size = -49152');
    patiently(lockWait, () => db.pragma('journal_mode = WAL'));
    db.pragma('synchronous = NORMAL');
    // In pages. One that a load writes again and again goes to the database once in 40 MB, not once in 4.
    db.pragma('wal_autocheckpoint = 5000');
    // A row that another one replaces is deleted, and its triggers are to know of it.
    db.pragma('recursive_triggers = ON');
    registerOperations(db);
    return db;
  } catch (error) {
    throw explained(error, path, lockWait);
  }
}

/** The driver's compiled part. Not told where it is, the driver looks in a dozen places at every start. */
function driverFile(): string {
  return createRequire(import.meta.url).resolve('better-sqlite3/build/Release/better_sqlite3.node');
}

/** SQLite does not wait for a lock by itself where it changes how a file keeps its journal. */
function patiently(lockWait: number, work: () => void): void {
  for (const end = Date.now() + lockWait; ; ) {
    try {
      work();
      return;
    } catch (error) {
      if (!isBusy(error) || Date.now() >= end) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    }
  }
}

/** How long who reads waits for a lock, in ms: none is held for long but by the end of a first load. */
const READ_WAIT = 5_000;

/**
 * Opens an existing file for reading.
 *
 * The file is opened as its owner would: who may only read leaves SQLite's two files for readers behind.
 */
export function readDatabase(path: string, lockWait: number = READ_WAIT): Database {
  try {
    const db = new Sqlite(path, { fileMustExist: true, timeout: lockWait, nativeBinding: driverFile() });
    db.pragma('query_only = ON');
    db.defaultSafeIntegers(true);
    registerOperations(db);
    look(db);
    return db;
  } catch (error) {
    const facts = { path, reason: 'there is no such file' };
    if (!existsSync(path)) fail('TARGET_NOT_OPENED', facts, { hint: hints.firstRun });
    throw explained(error, path, lockWait);
  }
}

/** Reads for the first time, for which SQLite makes its files for readers if they are not there. */
function look(db: Database): void {
  try {
    db.pragma('schema_version');
  } catch (error) {
    db.close();
    const reason = 'who reads it has to make files beside it, and may not';
    if (/^SQLITE_(?:READONLY|CANTOPEN)/.test(sqliteCode(error) ?? ''))
      fail('TARGET_NOT_OPENED', { path: db.name, reason }, { hint: hints.besideIt });
    throw error;
  }
}

/**
 * Does the work in one transaction that holds the write lock from its start, so that what it reads first stays true.
 *
 * Another run may hold the lock: then this one waits its turn.
 */
export function transaction<T>(db: Database, work: () => T): T {
  return db.transaction(work).immediate();
}

/** SQLite's own words for what went wrong with the file: https://www.sqlite.org/rescode.html */
const causes: readonly (readonly [prefix: string, code: Code & `TARGET_${string}`])[] = [
  ['SQLITE_CANTOPEN', 'TARGET_NOT_OPENED'],
  ['SQLITE_READONLY', 'TARGET_READ_ONLY'],
  ['SQLITE_PERM', 'TARGET_READ_ONLY'],
  ['SQLITE_NOTADB', 'TARGET_NOT_SQLITE'],
  ['SQLITE_CORRUPT', 'TARGET_NOT_SQLITE'],
  ['SQLITE_FULL', 'TARGET_DISK_FULL'],
  ['SQLITE_IOERR', 'TARGET_DISK_FULL'],
  ['SQLITE_BUSY', 'TARGET_LOCKED'],
  // What is looked at when a transaction ends; of rows that are refused before, more is said where they are written.
  ['SQLITE_CONSTRAINT', 'TARGET_REFUSES_ROW'],
];

/** What the file of a database did not allow, as an EtlError; any other error is handed back. */
export function explained(error: unknown, path: string, lockWait: number = LOCK_WAIT): unknown {
  const folder = error instanceof TypeError && error.message.includes('directory does not exist');
  if (folder) return new EtlError([diagnose('TARGET_NOT_OPENED', { path, reason: 'its folder does not exist' })]);
  if (!(error instanceof Sqlite.SqliteError)) return error;
  const [, code] = causes.find(([prefix]) => error.code.startsWith(prefix)) ?? [];
  if (code === undefined) return error;
  const foreign = code === 'TARGET_READ_ONLY' ? foreignBeside(path) : undefined;
  const where = foreign === undefined ? {} : { hint: hints.giveBack };
  return new EtlError([
    diagnose(code, { path: foreign ?? path, reason: error.message, seconds: lockWait / 1000 }, where),
  ]);
}

/** A file of SQLite's that another user than the database's owner left beside it: who may only read can't take it away. */
function foreignBeside(path: string): string | undefined {
  const owner = (file: string) => statSync(file, { throwIfNoEntry: false })?.uid;
  const beside = [`${path}-wal`, `${path}-shm`].filter((file) => owner(file) !== undefined);
  return beside.find((file) => owner(file) !== owner(path));
}

/** Whether SQLite did not get a lock. */
export function isBusy(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

/** Opens a file that is nothing but a lock: a transaction over it is waited for by nobody. */
export function openLock(path: string): Database {
  return new Sqlite(path, { timeout: 0, nativeBinding: driverFile() });
}

/** Whether SQLite refused a row because of a UNIQUE or NOT NULL constraint. */
export function isConstraint(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_CONSTRAINT');
}

/** The code that SQLite gives an error; null for an error that is not SQLite's. */
export function sqliteCode(error: unknown): string | null {
  return error instanceof Sqlite.SqliteError ? error.code : null;
}
