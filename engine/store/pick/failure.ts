import { type Change, headerOf, type Literal } from '../../change.ts';
import { diagnose, EtlError } from '../../diagnostic/diagnostic.ts';
import { hints } from '../../diagnostic/messages.ts';
import type { Expression } from '../../expression/expression.ts';
import { OperationError } from '../../expression/operation/operation.ts';
import { pathText } from '../../expression/paths.ts';
import { printExpression } from '../../expression/print.ts';
import { JsonError } from '../../json.ts';
import type { Scan, ScanColumn } from '../../plan/plan.ts';
import type { TypeConflict } from './shape.ts';
import { readsColumn } from './table.ts';

/** A value that can't be taken out of a change, as a finding that names the record. Any other error is handed back. */
export function pickFailed(error: unknown, change: Change, scan: Scan, column: ScanColumn): unknown {
  const where = whereIs(change, scan);
  if (error instanceof OperationError) {
    const notes = [`column: ${pathText(column.path)}`, ...where.notes];
    const isOfType = error.code === 'BAD_CAST' || error.code === 'VALUE_OUT_OF_RANGE';
    const hint = isOfType && column.path.kind !== 'fact' ? hints.anyValue(column.path.column) : undefined;
    return new EtlError([diagnose(error.code, error.facts, { ...where, notes, hint })]);
  }
  if (error instanceof JsonError && column.path.kind !== 'fact') {
    const facts = { column: column.path.column, expected: error.expected, at: error.at };
    return new EtlError([diagnose('COLUMN_NOT_JSON', facts, where)]);
  }
  return error;
}

/** A version that can't be computed, as a finding that names the record. Any other error is handed back. */
export function versionFailed(error: unknown, change: Change, scan: Scan, version: Expression): unknown {
  if (!(error instanceof OperationError)) return error;
  const where = whereIs(change, scan);
  const notes = [`version: ${printExpression(version)}`, ...where.notes];
  return new EtlError([diagnose(error.code, error.facts, { ...where, notes })]);
}

/** A row whose key column is NULL, or that does not have it. */
export function keyMissing(change: Change, scan: Scan, column: string, seen: boolean): EtlError {
  const facts = { alias: scan.alias, column, missing: !seen };
  return new EtlError([diagnose('KEY_MISSING', facts, whereIs(change, scan))]);
}

/** An update or delete that does not tell which row it is about. */
export function oldRowMissing(change: Change, scan: Scan, missing: readonly string[]): EtlError {
  const facts = { op: change.op, alias: scan.alias, key: missing.join(', ') };
  return new EtlError([diagnose('OLD_ROW_MISSING', facts, { ...whereIs(change, scan), hint: hints.replicaIdentity })]);
}

export function typeChanged(change: Change, scan: Scan, conflict: TypeConflict): EtlError {
  const facts = { column: pathText(conflict.column.path), known: conflict.known, come: conflict.come };
  return new EtlError([
    diagnose('TYPE_CHANGED', facts, { ...whereIs(change, scan), hint: hints.declareType(facts.column) }),
  ]);
}

export function tooManyColumns(change: Change, scan: Scan, most: number): EtlError {
  const where = { ...whereIs(change, scan), hint: hints.keepSome };
  return new EtlError([diagnose('TOO_MANY_COLUMNS', { alias: scan.alias, most }, where)]);
}

function whereIs(change: Change, scan: Scan) {
  const { file, record, offset } = change.at;
  return { data: { file, record, offset }, notes: [`in change: ${describe(change, scan)}`] };
}

/** The change in a line: what happened to which table, and the first columns that the relation reads. */
function describe(change: Change, scan: Scan): string {
  const image = 'after' in change ? change.after : 'before' in change ? change.before : null;
  const { schema, table, columns } = image?.header ?? headerOf(change);
  const first = columns
    .flatMap(({ name }, n) => (readsColumn(scan, name) ? [`${name}=${shortened(image?.values[n] ?? null)}`] : []))
    .slice(0, 2);
  return [change.op, schema === null ? table : `${schema}.${table}`, ...(image ? first : [])].join(' ');
}

function shortened(literal: Literal): string {
  const text = literal !== null && typeof literal === 'object' ? literal.json : String(literal);
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}
