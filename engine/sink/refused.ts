import { type Row, showValue } from '../change.ts';
import { fail } from '../diagnostic/diagnostic.ts';
import type { SinkKind } from '../mapping/mapping.ts';
import { columnTypes, type TargetColumn } from '../sql/target.ts';

/** Throws an EtlError about the nth value of a row, which the target's type does not hold as it is. */
export function refused(
  row: Row,
  columns: readonly TargetColumn[],
  n: number,
  kind: Exclude<SinkKind, 'sqlite'>,
  place: string,
): never {
  const [column, type] = [columns[n]?.name ?? '', columnTypes[columns[n]?.type ?? 'unknown'][kind]];
  const shown = columns.map(({ name }, at) => `${name}=${showValue(row[at] ?? null)}`).join(' ');
  const facts = { column, value: showValue(row[n] ?? null), type };
  return fail('VALUE_NOT_HELD', facts, { data: { file: place }, notes: [`row: ${shown}`] });
}
