import type { Value } from '../../change.ts';
import type { Code, Facts } from '../../diagnostic/messages.ts';

/** What a row's values do not allow. It knows no row: who computed the row makes an EtlError that names it. */
export class OperationError<C extends Code = Code> extends Error {
  readonly code: C;
  readonly facts: Facts<C>;

  constructor(code: C, facts: Facts<C>) {
    super(code);
    this.name = 'OperationError';
    this.code = code;
    this.facts = facts;
  }
}

/** Throws an OperationError. */
export function refuse<C extends Code>(code: C, facts: Facts<C>): never {
  throw new OperationError(code, facts);
}

/**
 * One operation on stored values: a bigint for integer and boolean (0n, 1n), a number for double, canonical decimal
 * text for numeric, bytes for bytes, text for all else. The same values always give the same. Where `evaluate` can't
 * answer, it throws an OperationError.
 */
export interface Operation {
  readonly evaluate: (...args: Value[]) => Value;
}

/** Takes a value for what it must be, by the type of the place where it stands. */
export type Reader<T> = (value: Exclude<Value, null>) => T;

/** An operation that gives NULL for any NULL, as nearly all do. Arguments may be fewer than readers. */
export function operation<A extends unknown[]>(
  readers: { readonly [K in keyof A]: Reader<A[K]> },
  apply: (...args: A) => Value,
): Operation {
  const evaluate = (...values: Value[]): Value => {
    if (values.includes(null)) return null;
    const args = values.map((value, n) => (readers[n] as Reader<unknown>)(value as Exclude<Value, null>));
    return apply(...(args as A));
  };
  return { evaluate };
}

export const integer: Reader<bigint> = (value) => (typeof value === 'bigint' ? value : unexpected(value, 'an integer'));

export const double: Reader<number> = (value) =>
  typeof value === 'number' ? value : typeof value === 'bigint' ? Number(value) : unexpected(value, 'a double');

export const text: Reader<string> = (value) => (typeof value === 'string' ? value : unexpected(value, 'text'));

export const bytes: Reader<Uint8Array> = (value) => (value instanceof Uint8Array ? value : unexpected(value, 'bytes'));

export const any: Reader<Exclude<Value, null>> = (value) => value;

function unexpected(value: Exclude<Value, null>, expected: string): never {
  return refuse('UNEXPECTED_VALUE', { value: shown(value), expected });
}

/** A value for a message: short, and in the words of the log. */
export function shown(value: Value): string {
  const whole = value instanceof Uint8Array ? `\\x${Buffer.from(value).toString('hex')}` : String(value);
  return whole.length > 60 ? `${whole.slice(0, 57)}...` : whole;
}

export function truth(value: boolean): bigint {
  return value ? 1n : 0n;
}
