import type { Lack } from '../diagnostic/messages.ts';
import type { Mapping } from '../mapping/mapping.ts';
import type { RunOptions } from '../pipeline/options.ts';
import { inScratch } from '../pipeline/scratch.ts';
import type { Derivation } from '../store/derive/derivation.ts';
import { metricRows } from '../store/derive/sorted.ts';
import { type Filled, fillOf, type Retyped, retypedOf } from './columns.ts';
import { identityOf } from './identity.ts';
import { compareMetrics, type RowDifference } from './rows.ts';
import { type Both, onLog, onState } from './states.ts';

/** What a changed mapping would change. */
export interface Diff {
  readonly metric: string;
  /** What both were derived of: the state as it is kept, or a log that was read for this. */
  readonly of: 'state' | 'log';
  /** Whether a run of the changed mapping makes its metric of the state, without reading the log again. */
  readonly inPlace: boolean;
  /** What the state lacks for that; and what the mapping calls otherwise, so that the state is not found by it. */
  readonly lacks: readonly Lack[];
  readonly renamed: readonly ('metric' | 'table')[];
  /** What the state holds now and would not then: tables by their aliases, columns and paths behind them. */
  readonly forgotten: readonly string[];
  readonly appear: readonly string[];
  readonly vanish: readonly string[];
  /** Null where the state lacks what the changed mapping needs, and no log was named. */
  readonly rows: RowsChange | null;
}

export interface RowsChange extends RowDifference {
  /** The columns by which rows are found again; null where there are none, and no row changes but comes and goes. */
  readonly identity: readonly string[] | null;
  readonly retyped: readonly Retyped[];
  /** Of the columns that appear and vanish. */
  readonly filled: readonly Filled[];
}

/**
 * Compares the metric of a mapping with that of a changed one, on the kept state or, where an input is named, on that log.
 * Nothing is written.
 *
 * Throws an EtlError where there is no state to compare on, or a row of either metric can't be computed.
 */
export async function diffMappings(before: Mapping, after: Mapping, options: RunOptions): Promise<Diff> {
  const of = options.inputs && options.inputs.size > 0 ? 'log' : 'state';
  const both = of === 'log' ? onLog : onState;
  return inScratch((folder) =>
    both([before, after], options, folder, (found) => ({ of, ...changesOf(before, after, found) })),
  );
}

function changesOf(before: Mapping, after: Mapping, both: Both): Omit<Diff, 'of'> {
  const [was, is] = [before, after].map(({ columns }) => columns.map(({ name }) => name)) as [string[], string[]];
  const renamed = [
    ...(before.metric === after.metric ? [] : ['metric' as const]),
    ...(before.sink.table === after.sink.table ? [] : ['table' as const]),
  ];
  const [appear, vanish] = [is.filter((name) => !was.includes(name)), was.filter((name) => !is.includes(name))];
  const inPlace = both.lacks.length === 0 && renamed.length === 0;
  const rows = both.after && rowsChange(both.before, both.after, { appear, vanish });
  return {
    metric: before.metric,
    inPlace,
    lacks: both.lacks,
    renamed,
    forgotten: inPlace ? both.forgotten : [],
    appear,
    vanish,
    rows,
  };
}

function rowsChange(
  before: Derivation,
  after: Derivation,
  { appear, vanish }: Pick<Diff, 'appear' | 'vanish'>,
): RowsChange {
  const identity = identityOf(before.plan, after.plan);
  const shared = after.plan.project.map(({ name }) => name).filter((name) => !appear.includes(name));
  const columns = [...(identity ?? []), ...shared.filter((name) => !identity?.includes(name))];
  const streams = { before: rowsOf(before, columns), after: rowsOf(after, columns) };
  return {
    ...compareMetrics(columns, identity?.length ?? null, streams),
    identity,
    retyped: retypedOf(before, after),
    filled: [...appear.map((column) => fillOf(after, column)), ...vanish.map((column) => fillOf(before, column))],
  };
}

/** Without a column that both have, rows are no more than their number; a query has one column at least. */
function rowsOf(derived: Derivation, columns: readonly string[]) {
  return columns.length > 0 ? metricRows(derived, columns) : rowsAlike(derived);
}

function* rowsAlike(derived: Derivation) {
  for (const _ of metricRows(derived)) yield [];
}
