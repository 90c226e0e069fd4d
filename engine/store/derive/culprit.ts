/**
 * Finds what stopped a derivation: the part of the plan that can't be computed, and the rows that it can't be computed of.
 *
 * SQLite tells neither. So the parts are computed one by one, those first that the others stand on: filters of relations,
 * the filter of the joined row, columns. Then each relation that the part reads is halved until one of its rows is left.
 * This costs the derivation a few times over, once, when the run has failed anyway.
 */
import type { Value } from '../../change.ts';
import { diagnose, EtlError, type Span } from '../../diagnostic/diagnostic.ts';
import type { Expression } from '../../expression/expression.ts';
import { OperationError, shown } from '../../expression/operation/operation.ts';
import { columnsOf } from '../../expression/paths.ts';
import { placeIn } from '../../mapping/mapping.ts';
import { groupedPlan } from '../../plan/group.ts';
import type { Filter, Plan } from '../../plan/plan.ts';
import { hasWindows, windowedPlan } from '../../plan/window.ts';
import { sqlite } from '../../sql/dialect.ts';
import { type Query, sayFilter, sayQuery, sayTable } from '../../sql/query.ts';
import { columnOf, type Relation } from '../state/stock.ts';
import { type Derivation, rowsDerivation } from './derivation.ts';

/** An expression of the plan, in the least query that computes it. */
interface Part {
  readonly span: Span;
  readonly relations: readonly Relation[];
  readonly query: Query;
}

interface RowPlace {
  /** Null of a group, which no record tells. */
  readonly place: { readonly file: string; readonly record: number } | null;
  /** The row by its key. */
  readonly text: string;
}

/** Does what runs the plan's SELECT. Throws an EtlError where an expression of the plan can't be computed of a row. */
export function naming<T>(derivation: Derivation, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw culpritOr(derivation, error);
  }
}

/** An error met while the plan's SELECT ran: that of an operation names its rows then, any other is handed back. */
export function culpritOr(derivation: Derivation, error: unknown): unknown {
  return error instanceof OperationError ? culprit(derivation, error) : error;
}

/** The error of an operation, as a finding that names the rows and the expression. */
function culprit(whole: Derivation, error: OperationError): EtlError {
  const { plan } = whole;
  const derivation =
    plan.groupBy || hasWindows(plan) ? rowsDerivation(whole.db, rowsPlan(plan), whole.relations) : whole;
  const part = partsOf(derivation).find((each) => stopOf(derivation, each.query) !== null);
  if (!part)
    return new EtlError([diagnose(error.code, error.facts, { mapping: placeIn(plan.origin, plan.root.span) })]);
  const { stop, rows } = narrow(derivation, part, error);
  const [first, ...others] = rows;
  const notes = [
    ...(first ? [`in row: ${first.text}`] : []),
    ...others.map(({ text, place }) => `joined with: ${text}${place ? `, read at ${place.file}:${place.record}` : ''}`),
  ];
  const data = first?.place ?? undefined;
  return new EtlError([diagnose(stop.code, stop.facts, { mapping: placeIn(plan.origin, part.span), data, notes })]);
}

/** What is computed of each row first. */
function rowsPlan(plan: Plan): Plan {
  return plan.groupBy ? groupedPlan(plan).rows : windowedPlan(plan).rows;
}

function partsOf(derivation: Derivation): readonly Part[] {
  const { plan, relations, root, query } = derivation;
  const reads = (expression: Expression): readonly Relation[] => {
    const aliases = new Set(columnsOf(expression).map((leaf) => leaf.alias));
    const found = relations.filter((relation) => aliases.has(relation.scan.alias));
    return found.length > 0 ? found : [root];
  };
  const filters = relations.flatMap((relation) =>
    relation.scan.filter ? [ofRelation(derivation, relation, relation.scan.filter)] : [],
  );
  const { filter } = plan;
  const columns = plan.project.map(({ span, expression }, n) => ({
    span,
    relations: reads(expression),
    query: { ...query, columns: query.columns.slice(n, n + 1) },
  }));
  const whole = filter && { span: filter.span, relations: reads(filter.expression), query: { ...query, columns: [] } };
  return [...filters, ...(whole ? [whole] : []), ...columns];
}

/** A relation's own filter, computed of its rows alone. */
function ofRelation({ plan, names }: Derivation, relation: Relation, filter: Filter): Part {
  const from = [sayTable(relation.scan.alias, names)];
  const query = { columns: [], from, where: [sayFilter(plan, filter, names, sqlite)] };
  return { span: filter.span, relations: [relation], query };
}

/** The rows that a part can't be computed of, one of each relation it reads, and why it can't. */
function narrow(
  derivation: Derivation,
  part: Part,
  error: OperationError,
): { stop: OperationError; rows: readonly RowPlace[] } {
  const rows: RowPlace[] = [];
  const fixed: string[] = [];
  let stop = error;
  for (const relation of part.relations) {
    const rid = `${derivation.names.alias(relation.scan.alias)}.rid`;
    const within = (low: bigint, high: bigint): OperationError | null =>
      stopOf(derivation, part.query, [...fixed, `${rid} BETWEEN ${low} AND ${high}`]);
    const found = halve(endsOf(derivation, relation), within);
    // Of a left join the row may be one without a partner.
    if (found === null) continue;
    fixed.push(`${rid} = ${found}`);
    stop = within(found, found) ?? stop;
    rows.push(placeOf(derivation, relation, found));
  }
  return { stop, rows };
}

/** The first number that alone makes it stop; null where none does. */
function halve([from, to]: readonly [bigint, bigint], within: (low: bigint, high: bigint) => unknown): bigint | null {
  let [low, high] = [from, to];
  if (within(low, high) === null) return null;
  while (low < high) {
    const middle = (low + high) / 2n;
    if (within(low, middle) === null) low = middle + 1n;
    else high = middle;
  }
  return low;
}

function stopOf({ db }: Derivation, query: Query, restrict: readonly string[] = []): OperationError | null {
  try {
    for (const _ of db
      .prepare(sayQuery(query, ['1'], restrict))
      .raw()
      .iterate());
    return null;
  } catch (error) {
    if (error instanceof OperationError) return error;
    throw error;
  }
}

function endsOf({ db }: Derivation, { table }: Relation): readonly [bigint, bigint] {
  const ends = db.prepare(`SELECT coalesce(min(rid), 0), coalesce(max(rid), 0) FROM ${table}`).raw().get();
  return ends as [bigint, bigint];
}

function placeOf({ db }: Derivation, relation: Relation, rid: bigint): RowPlace {
  const { table, scan } = relation;
  const row = db.prepare(`SELECT * FROM ${table} WHERE rid = ?`).get(rid) as Record<string, Value>;
  const file = db
    .prepare('SELECT path FROM _etl_file WHERE id = ?')
    .pluck()
    .get(row.file ?? null) as string | undefined;
  const key = scan.key.map((column, n) => `${column}=${shown(row[columnOf(relation, n)] ?? null)}`);
  return {
    place: file === undefined ? null : { file, record: Number(row.record) },
    text: [scan.alias, ...key].join(' '),
  };
}
