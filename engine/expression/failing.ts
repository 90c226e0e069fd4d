import type { Value } from '../change.ts';
import { diagnose } from '../diagnostic/diagnostic.ts';
import { decode } from './code.ts';
import { OperationError } from './operation/operation.ts';

/**
 * How a row fails a condition, which stands there as `encode` writes it: NULL where it does not, for the condition is true
 * or NULL; empty where that is false; and where it can't be computed, why.
 */
export function failing(condition: string, columns: readonly Value[]): string | null {
  try {
    return decode(condition)(columns) === 0n ? '' : null;
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return diagnose(error.code, error.facts).message;
  }
}

/** What an encoded expression computes; NULL where it can't be computed. */
export function attempt(expression: string, columns: readonly Value[]): Value {
  try {
    return decode(expression)(columns);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return null;
  }
}
