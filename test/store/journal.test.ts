/** Where a first load writes its pages: once, and through the WAL only where somebody else has the file open. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Database, openDatabase } from '../../engine/store/database/database.ts';
import { writingOnce } from '../../engine/store/database/journal.ts';
import { inScratch } from '../support/scratch.ts';

const modeOf = (db: Database) => db.pragma('journal_mode', { simple: true });

function withFile(work: (path: string, db: Database) => void): Promise<void> {
  return inScratch(async (folder) => {
    const path = join(folder, 'metrics.db');
    const db = openDatabase(path);
    db.exec('CREATE TABLE t (x)');
    work(path, db);
    db.close();
  });
}

test('a file that nobody else has open is written without the WAL, and keeps it afterwards', () =>
  withFile((_, db) => {
    expect(writingOnce(db, () => modeOf(db))).toBe('delete');
    expect(modeOf(db)).toBe('wal');
    expect(db.pragma('busy_timeout', { simple: true })).toBe(30_000n);
  }));

test('a file that somebody else has open stays in the WAL, and nobody waits', () =>
  withFile((path, db) => {
    const other = openDatabase(path);
    expect(other.prepare('SELECT count(*) FROM t').pluck().get()).toBe(0n);
    expect(writingOnce(db, () => modeOf(db))).toBe('wal');
    other.close();
  }));

test('work that fails leaves the WAL as it was', () =>
  withFile((_, db) => {
    const fail = () => {
      throw new Error('no');
    };
    expect(() => writingOnce(db, fail)).toThrow('no');
    expect(modeOf(db)).toBe('wal');
  }));
