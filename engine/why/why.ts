import { aggregatesOf } from '../expression/paths.ts';
import { printExpression } from '../expression/print.ts';
import type { Mapping } from '../mapping/mapping.ts';
import { inLoaded } from '../pipeline/loaded.ts';
import { heldIn } from '../sink/existing/owned.ts';
import type { Derivation } from '../store/derive/derivation.ts';
import type { Absence } from './absence.ts';
import { absenceOf } from './absent.ts';
import { readAsked } from './asked.ts';
import { valuesIn } from './fixed.ts';
import type { Told } from './log.ts';
import type { Cell } from './row.ts';
import { searchLog, type WhyOptions } from './search.ts';
import type { TracedRow } from './select.ts';
import { findRows } from './trace.ts';
import { type Tree, treeOf } from './tree.ts';

/** The answer to "why is this row (not) in my metric?". */
export interface Explanation {
  readonly metric: string;
  readonly asked: readonly { readonly column: string; readonly text: string }[];
  /** How many metric rows have what is asked for. */
  readonly rows: number;
  /** The first of them; null where there is none. */
  readonly row: Present | null;
  /** Why there is none. */
  readonly absence: Absence | null;
  /** What the log tells of a row that is looked for and is not in the state. */
  readonly log: Told | null;
}

/** A metric row, and where it comes from. */
export interface Present {
  readonly columns: readonly Output[];
  /** The joined row; of a group the first of those that it counts. */
  readonly from: readonly Tree[];
  /** How many rows a group counts; null where the metric is no aggregate. */
  readonly counted: number | null;
  /** Whether it is not written, for its key stands in the target and is another's. */
  readonly isHeld: boolean;
}

/** A column of the metric. */
export interface Output extends Cell {
  /** In the words of the mapping. */
  readonly expression: string;
  /** What it was computed of; empty where it is one column itself, and where it is of many rows. */
  readonly of: readonly Cell[];
}

/**
 * Explains why the metric has a row with these values, or why it has none. `words` are `column=value`. Nothing is written.
 *
 * Where a row that is looked for is not in the state, the log is read again to see what became of it. Throws an EtlError
 * where the metric has no state, or what is asked for has no such column.
 */
export async function why(mapping: Mapping, words: readonly string[], options: WhyOptions): Promise<Explanation> {
  const found = inLoaded(mapping, options, ({ state, derived }) => {
    const asked = readAsked(derived, words);
    const { rows, first } = findRows(derived, asked);
    const absence = first ? null : absenceOf(derived, asked);
    const explanation = {
      metric: mapping.metric,
      asked: asked.map(({ name, text }) => ({ column: name, text })),
      rows,
      row: first && { ...present(derived, first), isHeld: heldIn(derived, state)(first.values) },
      absence,
    };
    return { explanation, search: absence && searchLog(derived, state, mapping, asked, absence) };
  });
  return { ...found.explanation, log: found.search && (await found.search(options)) };
}

function present(derived: Derivation, { values, made, counted }: TracedRow): Omit<Present, 'isHeld'> {
  const { plan, query } = derived;
  const columns = plan.project.map(({ name, expression }, n): Output => {
    const [rids] = made;
    const isOne = expression.kind === 'column' || counted !== null || aggregatesOf(expression).length > 0;
    return {
      column: name,
      value: values[n] ?? null,
      type: query.columns[n]?.type ?? null,
      expression: printExpression(expression),
      of: rids && !isOne ? valuesIn(derived, expression, rids) : [],
    };
  });
  return { columns, from: made.map((rids) => treeOf(derived, rids)), counted };
}
