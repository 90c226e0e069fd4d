import type Sqlite from 'better-sqlite3';
import { operations } from '../expression/operations.ts';

const OPTIONS = { deterministic: true, varargs: true, safeIntegers: true, directOnly: false } as const;

/**
 * Teaches SQLite the operations of the language, each as `etl_<name>`.
 *
 * They are deterministic, and so an index can be built over the key form of a column.
 */
export function registerOperations(db: Sqlite.Database): void {
  for (const [name, operation] of operations) {
    db.function(`etl_${name}`, OPTIONS, (...args) => operation.evaluate(...args));
  }
}
