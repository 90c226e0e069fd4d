/** What makes one value of many. NULL does not count, and of none at all the value is NULL. */
import type { Value } from '../../change.ts';
import { comparisons } from './compare.ts';
import { decimalOf, dynamics } from './dynamic.ts';
import { type Exact, exactOf, NOTHING, plus, printExact } from './exact.ts';
import { readNumeric } from './numeric.ts';
import { double, type Operation, text } from './operation.ts';

type Present = Exclude<Value, null>;

/** A fold over values whose order does not matter; `S` is what it knows so far. */
export interface Fold<S = unknown> {
  readonly start: S;
  readonly step: (so: S, value: Present) => S;
  readonly result: (so: S) => Value;
}

/** A sum of decimal numbers: whole, and digits behind the point. */
interface Decimals {
  readonly whole: bigint;
  readonly places: number;
}

/** The folds of the language: sums as they are kept, and the least and greatest values by each order. */
export const folds: ReadonlyMap<string, Fold> = new Map(
  Object.entries({
    sum_numeric: decimals(text),
    sum_dynamic: decimals(decimalOf),
    sum_double: exact(),
    ...ends('min', 'less'),
    ...ends('max', 'greater'),
  } as Record<string, Fold>),
);

/** In whole numbers, for a decimal library takes ten times as long to add. */
function decimals(read: (value: Present) => string): Fold<Decimals | null> {
  return {
    start: null,
    step: (so, value) => {
      const [before = '', behind = ''] = read(value).split('.');
      return added(so ?? { whole: 0n, places: 0 }, { whole: BigInt(before + behind), places: behind.length });
    },
    result: (so) => so && readNumeric(`${so.whole}e-${so.places}`),
  };
}

function added(a: Decimals, b: Decimals): Decimals {
  const places = Math.max(a.places, b.places);
  const at = (each: Decimals) =>
    each.places === places ? each.whole : each.whole * 10n ** BigInt(places - each.places);
  return { whole: at(a) + at(b), places };
}

function exact(): Fold<Exact | null> {
  return {
    start: null,
    step: (so, value) => plus(so ?? NOTHING, exactOf(double(value))),
    result: (so) => so && printExact(so),
  };
}

/** For each kind of order the value that comes before all others by the operation of that name. */
function ends(name: string, before: string): Record<string, Fold<Present | null>> {
  const all: Readonly<Record<string, Operation>> = { ...comparisons, ...dynamics };
  const prefix = `${before}_`;
  return Object.fromEntries(
    Object.entries(all).flatMap(([operation, { evaluate }]) =>
      operation.startsWith(prefix) ? [[`${name}_${operation.slice(prefix.length)}`, end(evaluate)]] : [],
    ),
  );
}

function end(isBefore: (a: Value, b: Value) => Value): Fold<Present | null> {
  return {
    start: null,
    step: (so, value) => (so === null || isBefore(value, so) === 1n ? value : so),
    result: (so) => so,
  };
}
