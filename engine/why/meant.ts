import type { Type, Value } from '../change.ts';
import { OperationError } from '../expression/operation/operation.ts';
import { operations } from '../expression/operation/operations.ts';
import { storedValue, writeNumeric } from '../expression/operation/value.ts';

/** How NULL is asked for. A text of these letters is found by it too. */
const NULL = 'NULL';

/** The values that a text may mean where values of a type are stored; none where it is none of the type. */
export function valuesMeant(text: string, type: Type | null): readonly Value[] {
  const values = type === null ? untyped(text) : [stored(text, type)];
  const found = values.filter((value) => value !== null);
  return text === NULL ? [null, ...found] : found;
}

/** The same, where a target holds the values. */
export function outputsMeant(text: string, type: Type | null): readonly Value[] {
  return valuesMeant(text, type).map((value) =>
    type === 'numeric' && typeof value === 'string' ? writeNumeric(value) : value,
  );
}

/** Where the log has no types, its literals decide: a text in quotes, a number, true or false. */
function untyped(text: string): readonly Value[] {
  const number = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text) ? storedValue({ json: text }, null) : null;
  return [text, number, text === 'true' ? 1n : text === 'false' ? 0n : null];
}

function stored(text: string, type: Type): Value {
  try {
    const value = storedValue(text, type);
    // Instants are compared as such, and not every text is one.
    if (type === 'timestamptz') operations.get('key_instant')?.evaluate(value);
    return value;
  } catch (error) {
    if (error instanceof OperationError) return null;
    throw error;
  }
}

/** How a value is written where it is asked for. */
export function textMeant(value: Exclude<Value, null>): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value);
}
