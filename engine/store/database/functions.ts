import type Sqlite from 'better-sqlite3';
import type { Type, Value } from '../../change.ts';
import { attempt, failing } from '../../expression/failing.ts';
import { folds } from '../../expression/operation/fold.ts';
import { operations } from '../../expression/operation/operations.ts';
import { spelled } from '../../expression/operation/spelling.ts';

const OPTIONS = { deterministic: true, varargs: true, safeIntegers: true, directOnly: false } as const;

/**
 * Teaches SQLite the operations of the language, each as `etl_<name>`, what an expression fails of (`etl_failing`, `etl_attempt`),
 * and how a target elsewhere spells a value (`etl_spelled`).
 *
 * They are deterministic, and so an index can be built over the key form of a column.
 */
export function registerOperations(db: Sqlite.Database): void {
  for (const [name, operation] of operations) {
    db.function(`etl_${name}`, OPTIONS, (...args) => operation.evaluate(...args));
  }
  db.function('etl_failing', OPTIONS, (condition, ...columns) => failing(condition, columns));
  db.function('etl_attempt', OPTIONS, (expression, ...columns) => attempt(expression, columns));
  db.function('etl_spelled', OPTIONS, (value, type) => spelled(value as Value, type as Type | null));
  for (const [name, { start, step, result }] of folds) {
    db.aggregate<unknown>(`etl_${name}`, {
      ...OPTIONS,
      start: () => start,
      step: (so, value) => (value === null ? so : step(so, value as Exclude<Value, null>)),
      // A window grows to the row in hand and never shrinks; without this it would be none.
      inverse: (so) => so,
      result: (so) => result(so),
    });
  }
}
