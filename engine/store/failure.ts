import type { Change, Image, Literal } from '../change.ts';
import { diagnose, EtlError } from '../diagnostic/diagnostic.ts';
import { hints } from '../diagnostic/messages.ts';
import { OperationError } from '../expression/operation.ts';
import { pathText } from '../expression/paths.ts';
import { JsonError } from '../json.ts';
import type { Scan, ScanColumn } from '../plan/plan.ts';
import type { TypeConflict } from './shape.ts';

type Insert = Change & { op: 'insert' };

/** A value that can't be taken out of a change, as a finding that names the record. Any other error is handed back. */
export function pickFailed(error: unknown, change: Insert, column: ScanColumn): unknown {
  const where = whereIs(change);
  if (error instanceof OperationError) {
    const notes = [`column: ${pathText(column.path)}`, ...where.notes];
    return new EtlError([diagnose(error.code, error.facts, { ...where, notes })]);
  }
  if (error instanceof JsonError && column.path.kind !== 'fact') {
    const facts = { column: column.path.column, expected: error.expected, at: error.at };
    return new EtlError([diagnose('COLUMN_NOT_JSON', facts, where)]);
  }
  return error;
}

/** A row whose key column is NULL, or that does not have it. */
export function keyMissing(change: Insert, scan: Scan, column: string, seen: boolean): EtlError {
  const facts = { alias: scan.alias, column, missing: !seen };
  return new EtlError([diagnose('KEY_MISSING', facts, whereIs(change))]);
}

export function typeChanged(change: Insert, conflict: TypeConflict): EtlError {
  const facts = { column: pathText(conflict.column.path), known: conflict.known, come: conflict.come };
  return new EtlError([diagnose('TYPE_CHANGED', facts, { ...whereIs(change), hint: hints.declareType(facts.column) })]);
}

function whereIs(change: Insert) {
  const { file, record, offset } = change.at;
  return { data: { file, record, offset }, notes: [`in change: ${describe(change.op, change.after)}`] };
}

/** The change in a line: what happened to which table, and its first columns. */
function describe(op: string, image: Image): string {
  const { schema, table, columns } = image.header;
  const first = columns.slice(0, 2).map((column, n) => `${column.name}=${shortened(image.values[n] ?? null)}`);
  return [op, schema === null ? table : `${schema}.${table}`, ...first].join(' ');
}

function shortened(literal: Literal): string {
  const text = literal !== null && typeof literal === 'object' ? literal.json : String(literal);
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}
