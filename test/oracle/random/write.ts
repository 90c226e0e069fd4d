/** Random changes as wal2json writes them. */
import * as version1 from '../../log/log.ts';
import * as version2 from '../../log/version2.ts';
import type { RandomChange, RandomTransaction } from './history.ts';

export type Version = 1 | 2;

/** The records of a transaction: one in version 1, one for each change and for both ends in version 2. */
export function recordsOf(version: Version, changes: RandomTransaction, lsn?: string): readonly string[] {
  if (version === 2) return version2.transaction(changes.map(said2), lsn);
  return [version1.transaction(changes.map(said1), lsn)];
}

function said1(change: RandomChange): string {
  if (change.op === 'truncate') throw new RangeError('version 1 logs no truncate');
  return said(version1, change);
}

function said2(change: RandomChange): string {
  return change.op === 'truncate' ? version2.truncated(change.table) : said(version2, change);
}

type RowChange = Exclude<RandomChange, { op: 'truncate' }>;

/** Both versions have builders of the same names. */
function said(words: Pick<typeof version1, 'inserted' | 'updated' | 'removed'>, change: RowChange): string {
  switch (change.op) {
    case 'insert':
      return words.inserted(change.table, change.after);
    case 'update':
      return words.updated(change.table, change.before, change.after);
    case 'delete':
      return words.removed(change.table, change.before);
  }
}
