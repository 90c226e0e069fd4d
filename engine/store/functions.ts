import type Sqlite from 'better-sqlite3';
import { operations } from '../expression/operations.ts';

/**
 * Teaches SQLite the operations of the language, each as `etl_<name>`.
 *
 * They are deterministic (where they say so), so that an index can be built over the key form of a column.
 */
export function registerOperations(db: Sqlite.Database): void {
  for (const [name, operation] of operations) {
    const options = { deterministic: operation.deterministic, varargs: true, safeIntegers: true, directOnly: false };
    db.function(`etl_${name}`, options, (...args) => operation.evaluate(...args));
  }
}
