import { type Row, showValue } from '../change.ts';
import { describe, isSame } from '../sink/describe.ts';
import { difference } from '../sink/difference.ts';
import { sideBySide } from '../sink/side-by-side.ts';
import { compareRows } from '../store/order.ts';

/** How the rows of two metrics differ in the columns that both have. */
export interface RowDifference {
  readonly before: number;
  readonly after: number;
  readonly appear: Counted;
  readonly vanish: Counted;
  /** Rows that stand in both, with other cells. */
  readonly changed: number;
  /** By column, in their order; those without a changed cell are left out. */
  readonly cells: readonly (Counted & { readonly column: string })[];
}

/** How many there are, and the first of them in lines for people. */
export interface Counted {
  readonly count: number;
  readonly samples: readonly string[];
}

const SAMPLES = 3;

/**
 * Compares two streams of rows, each in the order of `compareRows`. The first `identity` columns tell rows apart: rows that
 * agree in them are one row, changed where other columns differ. Of several such rows those are paired first that differ in
 * nothing. With `identity` null no row changes: it comes or goes.
 */
export function compareMetrics(
  columns: readonly string[],
  identity: number | null,
  streams: { readonly before: Iterable<Row>; readonly after: Iterable<Row> },
): RowDifference {
  const width = identity ?? columns.length;
  const counts = { before: 0, after: 0, changed: 0 };
  const [appear, vanish] = [openCount(), openCount()];
  const cells = columns.map(() => openCount());
  for (const [, was, is] of sideBySide(keyed(streams.before, width), keyed(streams.after, width), compareRows)) {
    counts.before += was.length;
    counts.after += is.length;
    const { gone, come } = difference(
      is,
      was.map((row) => ({ id: 0n, row })),
    );
    const pairs = identity === null ? 0 : Math.min(gone.length, come.length);
    counts.changed += pairs;
    for (const [n, { row }] of gone.entries()) {
      const other = n < pairs ? come[n] : undefined;
      if (other) addCells(columns, width, cells, row, other);
      else vanish.add(() => describe(columns, row));
    }
    for (const row of come.slice(pairs)) appear.add(() => describe(columns, row));
  }
  const changed = columns.map((column, n) => ({ column, ...(cells[n]?.counted() ?? NONE) }));
  return {
    ...counts,
    appear: appear.counted(),
    vanish: vanish.counted(),
    cells: changed.filter(({ count }) => count > 0),
  };
}

const NONE: Counted = { count: 0, samples: [] };

/** Counts what is added, and keeps the first of it. */
export function openCount() {
  const samples: string[] = [];
  let count = 0;
  return {
    add: (sample: () => string): void => {
      count++;
      if (samples.length < SAMPLES) samples.push(sample());
    },
    counted: (): Counted => ({ count, samples }),
  };
}

function addCells(
  columns: readonly string[],
  width: number,
  cells: readonly ReturnType<typeof openCount>[],
  was: Row,
  is: Row,
): void {
  for (const [n, cell] of cells.entries()) {
    const [before, after] = [was[n] ?? null, is[n] ?? null];
    if (isSame(before, after)) continue;
    const where = width > 0 ? `${describe(columns.slice(0, width), is)}: ` : '';
    cell.add(() => `${where}${showValue(after)}, was ${showValue(before)}`);
  }
}

function* keyed(rows: Iterable<Row>, width: number): Generator<readonly [Row, Row]> {
  for (const row of rows) yield [row.slice(0, width), row];
}
