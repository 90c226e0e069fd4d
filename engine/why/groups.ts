import type { Row, Value } from '../change.ts';
import { keyName } from '../expression/group/grouping.ts';
import { groupedPlan } from '../plan/group.ts';
import { sqlite } from '../sql/dialect.ts';
import { groupsOf } from '../sql/group.ts';
import { rowsQuery, tracedQuery } from '../sql/metric.ts';
import { sayQuery } from '../sql/query.ts';
import type { Derivation } from '../store/derive/derivation.ts';
import type { Asked } from './asked.ts';
import type { Rids } from './fixed.ts';
import { type Found, restrictions, ridsOf, sayOutputs, select, type TracedRow } from './select.ts';

/** Rows of a group that are shown. */
const SHOWN = 3;

/** By what a group does not tell, its rows are asked for. */
export function findGroups(derived: Derivation, asked: readonly Asked[]): Found {
  const ofRows = asked.filter(({ output }) => output === null);
  const { query, traces } = tracedQuery(derived.plan, derived.names, sqlite, []);
  const marks = traces.map((_, n) => `t${n}`);
  const rows = countedRows(derived, restrictions(derived, ofRows));
  const found = select(derived, {
    marks,
    inner: sayQuery(query, traces),
    conditions: [...sayOutputs(derived, asked), ...(ofRows.length > 0 ? [sayAmong(marks, rows.keys)] : [])],
    before: ofRows.length > 0 ? [rows.sql] : [],
  });
  if (!found) return { rows: 0, first: null };
  return { rows: found.rows, first: { values: found.values, ...madeOf(derived, rows, found.traced) } };
}

/** The first rows of the group that has these keys, and how many it counts. */
function madeOf({ db }: Derivation, { rids, keys, sql }: Counted, key: Row): Pick<TracedRow, 'made' | 'counted'> {
  const same = keys.map((column, n) => `${column} IS ${sqlite.value((key[n] ?? null) as Value, null)}`);
  const where = same.length > 0 ? `WHERE ${same.join(' AND ')}` : '';
  const order = `ORDER BY ${rids.join(', ')} LIMIT ${SHOWN}`;
  const query = db.prepare(`WITH ${sql}\nSELECT *, count(*) OVER () FROM counted ${where} ${order}`);
  const rows = query.raw().all() as Row[];
  return { made: rows.map((row) => row.slice(0, rids.length) as Rids), counted: Number(rows[0]?.at(-1) ?? 0n) };
}

/** That a group is one of those of the counted rows. NULL is a key as any other. */
function sayAmong(marks: readonly string[], keys: readonly string[]): string {
  const said = (columns: readonly string[]) =>
    columns.flatMap((column) => [`${column} IS NULL`, `coalesce(${column}, 0)`]).join(', ');
  if (keys.length === 0) return 'EXISTS (SELECT 1 FROM counted)';
  return `(${said(marks)}) IN (SELECT ${said(keys)} FROM counted)`;
}

interface Counted {
  readonly rids: readonly string[];
  readonly keys: readonly string[];
  readonly sql: string;
}

/** The joined rows with the keys of their groups, as a table for WITH. */
function countedRows(derived: Derivation, restrict: readonly string[]): Counted {
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
  return { rids: marks, keys, sql: `counted(${[...marks, ...keys].join(', ')}) AS MATERIALIZED (\n${inner}\n)` };
}
