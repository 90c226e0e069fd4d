import type { Database } from './database.ts';
import { isBusy } from './database.ts';

/**
 * Does the work without the WAL, if the file is this connection's alone.
 *
 * What is written through the WAL is written twice, and a first load writes all there is. A rollback journal keeps only
 * pages that were there before; but who comes to read has to wait meanwhile, and so this is for a file in which nobody has
 * anything to read. Another process that has it open keeps it in the WAL.
 */
export function writingOnce<T>(db: Database, work: () => T): T {
  if (!leaveWal(db)) return work();
  // Outside of the WAL, less may leave a broken file where the power fails.
  db.pragma('synchronous = FULL');
  try {
    return work();
  } finally {
    db.pragma('synchronous = NORMAL');
    switchJournal(db, 'WAL');
  }
}

function leaveWal(db: Database): boolean {
  const patience = db.pragma('busy_timeout', { simple: true });
  db.pragma('busy_timeout = 0');
  try {
    return switchJournal(db, 'DELETE');
  } finally {
    db.pragma(`busy_timeout = ${patience}`);
  }
}

/** False where another connection has the file open. One that is back in no WAL gets there when it is opened next. */
function switchJournal(db: Database, mode: 'WAL' | 'DELETE'): boolean {
  try {
    return db.pragma(`journal_mode = ${mode}`, { simple: true }) === mode.toLowerCase();
  } catch (error) {
    if (isBusy(error)) return false;
    throw error;
  }
}
