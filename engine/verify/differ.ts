import type { Row } from '../change.ts';
import { describe, differingCells, isSame } from '../sink/describe.ts';
import { difference } from '../sink/difference.ts';
import { sideBySide } from '../sink/side-by-side.ts';
import { compareRows } from '../store/order.ts';

/** How two bags of rows differ. */
export interface BagDifference {
  /** Rows that stand there. */
  readonly rows: number;
  /** Rows that should stand there and don't, and rows that stand there and should not. */
  readonly missing: number;
  readonly unexpected: number;
  /** The first differences, in lines for people: the cells, where a missing row is much like an unexpected one. */
  readonly samples: readonly string[];
  /** Rows of these that the samples leave out. */
  readonly more: number;
}

/** Rows of each kind that are looked at for samples. */
const SAMPLES = 100;

/** Compares what is expected with what stands there. Both come in the order of `compareRows`, and are read once. */
export function differ(columns: readonly string[], expected: Iterable<Row>, standing: Iterable<Row>): BagDifference {
  let rows = 0;
  const [missing, unexpected] = [openSamples(), openSamples()];
  for (const [, should, does] of sideBySide(keyed(expected), keyed(standing), compareRows)) {
    rows += does.length;
    const { gone, come } = difference(
      should,
      does.map((row) => ({ id: 0n, row })),
    );
    for (const row of come) missing.add(row);
    for (const { row } of gone) unexpected.add(row);
  }
  const samples = samplesOf(columns, missing.first, [...unexpected.first]);
  const more = missing.more() + unexpected.more();
  return { rows, missing: missing.count(), unexpected: unexpected.count(), samples, more };
}

function* keyed(rows: Iterable<Row>): Generator<readonly [Row, Row]> {
  for (const row of rows) yield [row, row];
}

function openSamples() {
  const first: Row[] = [];
  let count = 0;
  return {
    first,
    count: () => count,
    more: () => count - first.length,
    add: (row: Row): void => {
      count++;
      if (first.length < SAMPLES) first.push(row);
    },
  };
}

function samplesOf(columns: readonly string[], missing: readonly Row[], unexpected: Row[]): readonly string[] {
  const lines = missing.map((row) => {
    const near = nearest(row, unexpected);
    if (near === null) return `missing: ${describe(columns, row)}`;
    unexpected.splice(unexpected.indexOf(near), 1);
    return differingCells(columns, row, near);
  });
  return [...lines, ...unexpected.map((row) => `unexpected: ${describe(columns, row)}`)];
}

/** The row with the fewest other cells, if these are at most half of them. */
function nearest(row: Row, others: readonly Row[]): Row | null {
  const counts = others.map((other) => row.filter((value, n) => !isSame(value, other[n])).length);
  const fewest = Math.min(...counts);
  return fewest <= row.length / 2 ? (others[counts.indexOf(fewest)] ?? null) : null;
}
