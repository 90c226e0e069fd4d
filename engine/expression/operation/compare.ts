import { compareDoubles } from './double.ts';
import { type Instant, instantIn } from './instant.ts';
import { compareNumerics } from './numeric.ts';
import { bytes, double, integer, type Operation, operation, type Reader, text, truth } from './operation.ts';
import { trimBlanksAtEnd } from './space.ts';
import { compareTexts } from './text.ts';

/** The operators by the names that their operations begin with. */
export const comparisonNames = {
  '=': 'equal',
  '<>': 'not_equal',
  '<': 'less',
  '<=': 'at_most',
  '>': 'greater',
  '>=': 'at_least',
} as const;

export type Comparison = keyof typeof comparisonNames;

const HOLDS: Readonly<Record<Comparison, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '<>': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

const instant: Reader<Instant> = (value) => instantIn(text(value));

/** The six comparisons over each kind of value. `time` takes dates and times of all three types, `integer` booleans too. */
export const comparisons: Readonly<Record<string, Operation>> = {
  ...comparing('integer', integer, byOrder),
  ...comparing('numeric', text, compareNumerics),
  ...comparing('double', double, compareDoubles),
  ...comparing('text', text, compareTexts),
  ...comparing('character', text, (a, b) => compareTexts(trimBlanksAtEnd(a), trimBlanksAtEnd(b))),
  ...comparing('uuid', text, (a, b) => compareTexts(a.toLowerCase(), b.toLowerCase())),
  ...comparing('time', instant, byOrder),
  ...comparing('bytes', bytes, (a, b) => Buffer.compare(a, b)),
};

/** The six operations of one kind, out of its order. */
export function comparing<T>(
  kind: string,
  reader: Reader<T>,
  compare: (a: T, b: T) => number,
): Record<string, Operation> {
  const operators = Object.keys(HOLDS) as Comparison[];
  return Object.fromEntries(
    operators.map((operator) => [
      `${comparisonNames[operator]}_${kind}`,
      operation([reader, reader], (a: T, b: T) => truth(HOLDS[operator](compare(a, b)))),
    ]),
  );
}

function byOrder(a: Instant, b: Instant): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
