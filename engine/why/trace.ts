import type { Row, Value } from '../change.ts';
import { keyName } from '../expression/grouping.ts';
import { groupedPlan } from '../plan/group.ts';
import { hasWindows } from '../plan/window.ts';
import { sqlite } from '../sql/dialect.ts';
import { groupsOf } from '../sql/group.ts';
import { rowsQuery, tracedQuery } from '../sql/metric.ts';
import { sayQuery } from '../sql/query.ts';
import { naming } from '../store/culprit.ts';
import type { Derivation } from '../store/derivation.ts';
import { type Asked, sayKept, sayOutput } from './asked.ts';
import type { Rids } from './fixed.ts';
import { relationAt } from './row.ts';

/** A row of the metric, and what it is made of. */
export interface TracedRow {
  /** In column order, as a target holds them. */
  readonly values: Row;
  /** The joined row that it is computed of; of a group the first ones of those that it counts. */
  readonly made: readonly Rids[];
  /** How many joined rows a group counts; null where the metric is no aggregate. */
  readonly counted: number | null;
}

/** How many metric rows have what is asked for, and the first of them. */
export interface Found {
  readonly rows: number;
  readonly first: TracedRow | null;
}

/** Rows of a group that are shown. */
const SHOWN = 3;

/** Looks for metric rows. Throws an EtlError where an expression of the plan can't be computed. */
export function findRows(derived: Derivation, asked: readonly Asked[]): Found {
  return naming(derived, () => (derived.plan.groupBy ? findGroups(derived, asked) : findPlain(derived, asked)));
}

function findPlain(derived: Derivation, asked: readonly Asked[]): Found {
  const { plan, names } = derived;
  const { query, traces } = tracedQuery(plan, names, sqlite, ridsOf(derived));
  // A window looks at other rows too.
  const within = hasWindows(plan) ? [] : restrictions(derived, asked);
  const marks = traces.map((_, n) => `t${n}`);
  const kept = asked.flatMap(({ kept, output }) =>
    kept && output === null ? [`${marks[kept.scan]} IN (${rowsThatHave(derived, kept)})`] : [],
  );
  const inner = sayQuery(query, traces, within);
  const found = select(derived, marks, inner, [...sayOutputs(derived, asked), ...kept]);
  if (!found) return { rows: 0, first: null };
  const { values, rows, traced } = found;
  return { rows, first: { values, made: [traced as Rids], counted: null } };
}

/** Of what a group is not told by, rows are asked first, and then their groups. */
function findGroups(derived: Derivation, asked: readonly Asked[]): Found {
  const { plan, names } = derived;
  const { query, traces } = tracedQuery(plan, names, sqlite, []);
  const marks = traces.map((_, n) => `t${n}`);
  const rows = countedRows(
    derived,
    restrictions(
      derived,
      asked.filter(({ output }) => output === null),
    ),
  );
  const isByRow = asked.some(({ output }) => output === null);
  const keys = isByRow
    ? derived.db
        .prepare(`${rows.sql}\nSELECT DISTINCT ${rows.keys.join(', ') || '1'} FROM counted`)
        .raw()
        .all()
    : null;
  const ofRows = (keys as Row[] | null)?.map((key) => sayKeys(marks, key));
  const inner = sayQuery(query, traces);
  const conditions = [...sayOutputs(derived, asked), ...(ofRows ? [`(${[...ofRows, 'FALSE'].join(' OR ')})`] : [])];
  const found = select(derived, marks, inner, conditions);
  if (!found) return { rows: 0, first: null };
  const where = sayKeys(rows.keys, found.traced);
  const made = derived.db
    .prepare(
      `${rows.sql}\nSELECT *, count(*) OVER () FROM counted WHERE ${where} ORDER BY ${rows.rids.join(', ')} LIMIT ${SHOWN}`,
    )
    .raw()
    .all() as Row[];
  const first = {
    values: found.values,
    made: made.map((row) => row.slice(0, rows.rids.length) as Rids),
    counted: Number(made[0]?.at(-1) ?? 0n),
  };
  return { rows: found.rows, first };
}

/** The joined rows with the keys of their groups, as a table to select from. */
function countedRows(derived: Derivation, restrict: readonly string[]) {
  const { plan, names } = derived;
  const grouped = groupedPlan(plan);
  const query = rowsQuery(grouped.rows, names, sqlite);
  const groups = groupsOf(grouped, query, sqlite).filter(({ fold }) => fold === null);
  const columns = query.columns.slice(0, groups.length).map((column, n) => {
    return { ...column, sql: groups[n]?.key(column.sql) ?? column.sql };
  });
  const [rids, keys] = [ridsOf(derived), groups.map((_, n) => keyName(n))];
  const marks = rids.map((_, n) => `r${n}`);
  const inner = sayQuery({ ...query, columns }, rids, restrict);
  return { rids: marks, keys, sql: `WITH counted(${[...marks, ...keys].join(', ')}) AS MATERIALIZED (\n${inner}\n)` };
}

interface Selected {
  readonly traced: Row;
  readonly values: Row;
  readonly rows: number;
}

/** The first of the rows for which the conditions are true, and how many there are. They are looked at for whole rows only. */
function select(
  derived: Derivation,
  marks: readonly string[],
  inner: string,
  conditions: readonly string[],
): Selected | null {
  const outputs = derived.plan.project.map((_, n) => `o${n}`);
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
  const order = marks.length > 0 ? `ORDER BY ${marks.join(', ')}` : '';
  const sql = `WITH traced(${[...marks, ...outputs].join(', ')}) AS MATERIALIZED (\n${inner}\n)
SELECT *, count(*) OVER () FROM traced ${where} ${order} LIMIT 1`;
  const row = derived.db.prepare(sql).raw().get() as Row | undefined;
  if (!row) return null;
  return { traced: row.slice(0, marks.length), values: row.slice(marks.length, -1), rows: Number(row.at(-1)) };
}

function ridsOf({ relations, names }: Derivation): readonly string[] {
  return relations.map(({ scan }) => `${names.alias(scan.alias)}.rid`);
}

function sayOutputs({ query }: Derivation, asked: readonly Asked[]): readonly string[] {
  return asked.flatMap(({ output, text }) =>
    output === null ? [] : [sayOutput(`o${output}`, text, query.columns[output]?.type ?? null)],
  );
}

/** What is asked of columns of relations, where it stands for itself: NULL may also be that there is no row. */
function restrictions(derived: Derivation, asked: readonly Asked[]): readonly string[] {
  const rids = ridsOf(derived);
  return asked.flatMap(({ kept }) =>
    kept && !kept.values.includes(null) ? [`${rids[kept.scan]} IN (${rowsThatHave(derived, kept)})`] : [],
  );
}

function rowsThatHave(derived: Derivation, kept: NonNullable<Asked['kept']>): string {
  return `SELECT rid FROM ${relationAt(derived, kept.scan).table} WHERE ${sayKept(derived, kept)}`;
}

function sayKeys(columns: readonly string[], key: Row): string {
  const same = columns.map((column, n) => `${column} IS ${sqlite.value((key[n] ?? null) as Value, null)}`);
  return same.length > 0 ? `(${same.join(' AND ')})` : 'TRUE';
}
