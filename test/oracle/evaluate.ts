/**
 * What a metric is, without an engine: relations as lists, joins as nested loops, groups and windows as the lists of
 * their rows, expressions a node at a time.
 *
 * Written from the design alone, to hold the engine against. It is slow, and right by being plain. It refuses what it
 * doesn't know: facts of the source, `jsonpath` and `surrogate_key`.
 */
import type { OracleChange } from './change.ts';
import { keyOf } from './compare.ts';
import { type Canonical, canonical, OracleError, type OracleType } from './datum.ts';
import { evaluate as evaluateExpression, holds, passes, type Scope } from './expression.ts';
import { groupsOf } from './group.ts';
import { type OracleJoin, type OracleMapping, readMapping } from './mapping.ts';
import { type Relation, relationOf } from './relation.ts';
import { type OracleImage, rowScope, valueIn } from './row.ts';
import { typeOf } from './type.ts';
import { withWindows } from './window.ts';

/** The values of a metric row in column order, as text that is equal for equal values. */
export type OracleRow = readonly Canonical[];

/** One row of each alias; null where a left join found no partner. */
export type Joined = ReadonlyMap<string, OracleImage | null>;
export type Relations = ReadonlyMap<string, Relation>;

/** The rows of a metric after all changes of its log, in no order. Throws an OracleError where PostgreSQL would. */
export function evaluate(yaml: string, changes: readonly OracleChange[]): OracleRow[] {
  const mapping = readMapping(yaml);
  const relations = relationsOf(mapping, changes);
  let joined = rootRows(mapping, relations);
  for (const join of mapping.joins) joined = joinWith(join, joined, rowsOf(mapping, relations, join.alias));
  const scopes = joined.map((row) => scopeOf(relations, row));
  const kept = scopes.filter((scope) => !mapping.where || holds(mapping.where, scope));
  const { typeAt } = scopeOf(relations, new Map());
  const rows = withWindows(mapping.groups ? groupsOf(mapping.groups, kept, typeAt) : kept);
  const passing = rows.filter((scope) => mapping.rejects.every((check) => passes(check, outputScope(mapping, scope))));
  return passing.map((scope) => mapping.columns.map(({ node }) => canonical(evaluateExpression(node, scope))));
}

/** Over the columns of a metric row; one that can't be computed can't be read. */
function outputScope({ columns }: OracleMapping, scope: Scope): Scope {
  const nodeOf = (name: unknown) => {
    const column = columns.find((each) => each.name === name);
    if (!column) throw new SyntaxError(`"${name}" is no column of the metric`);
    return column.node;
  };
  return {
    typeAt: ([name]) => {
      const type = typeOf(nodeOf(name), scope.typeAt);
      return type === 'literal' ? 'text' : type;
    },
    valueAt: ([name]) => evaluateExpression(nodeOf(name), scope),
  };
}

/** How a join fares, over the rows of what stands before it. */
export interface OracleCount {
  readonly rows: number;
  readonly matched: number;
  readonly nullKey: number;
  readonly waiting: number;
  /** Rows of the table by whose columns the last equality looks for partners, among those that wait. */
  readonly parents: number;
  readonly fanout: number;
}

/** How each join of a metric fares after all changes of its log. */
export function countJoins(yaml: string, changes: readonly OracleChange[]): OracleCount[] {
  const mapping = readMapping(yaml);
  const relations = relationsOf(mapping, changes);
  let joined = rootRows(mapping, relations);
  return mapping.joins.map((join) => {
    const partners = rowsOf(mapping, relations, join.alias);
    const find = finding(join, partners);
    const found = joined.map((row) => find(row).length);
    const isNull = joined.map((row) =>
      join.on.some(({ left }) => valueIn(row.get(String(left[0])) ?? null, left) === null),
    );
    const waiting = joined.filter((_, n) => found[n] === 0 && !isNull[n]);
    const parent = String(join.on.at(-1)?.left[0]);
    const count = {
      rows: joined.length,
      matched: found.filter((each) => each > 0).length,
      nullKey: isNull.filter((each, n) => each && found[n] === 0).length,
      waiting: waiting.length,
      parents: new Set(waiting.map((row) => row.get(parent)).filter((row) => row)).size,
      fanout: Math.max(0, ...found),
    };
    joined = joinWith(join, joined, partners);
    return count;
  });
}

/** The columns of a metric, in order. */
export function columnNames(yaml: string): string[] {
  return readMapping(yaml).columns.map((column) => column.name);
}

/** Rows as text in an order of their own, so that two lists are equal if they hold the same rows as often. */
export function asMultiset(rows: readonly OracleRow[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

export function relationsOf(mapping: OracleMapping, changes: readonly OracleChange[]): Relations {
  return new Map([...mapping.tables].map(([alias, table]) => [alias, relationOf(alias, table, changes)]));
}

function rootRows(mapping: OracleMapping, relations: Relations): Joined[] {
  return rowsOf(mapping, relations, mapping.from).map((row) => new Map([[mapping.from, row]]));
}

/** The rows of a table that no check rejects and that pass its own filter. */
export function rowsOf(mapping: OracleMapping, relations: Relations, alias: string): readonly OracleImage[] {
  const { where: filter = null, rejects = [] } = mapping.tables.get(alias) ?? {};
  const rows = relations.get(alias)?.rows ?? [];
  return rows.filter((row) => {
    const scope = rowScope(alias, relations.get(alias)?.types ?? new Map(), row);
    return rejects.every((check) => passes(check, scope)) && (!filter || holds(filter, scope));
  });
}

export function joinWith(join: OracleJoin, joined: readonly Joined[], partners: readonly OracleImage[]): Joined[] {
  const find = finding(join, partners);
  return joined.flatMap((row) => {
    const found: (OracleImage | null)[] = find(row);
    if (found.length === 0 && join.kind === 'left') found.push(null);
    return found.map((partner) => new Map([...row, [join.alias, partner]]));
  });
}

/** Makes the function that finds a row's partners. */
export function finding(join: OracleJoin, partners: readonly OracleImage[]): (row: Joined) => OracleImage[] {
  const keys = partners.map((partner) => join.on.map(({ right }) => keyOf(valueIn(partner, right))));
  return (row) => {
    const wanted = join.on.map(({ left }) => keyOf(valueIn(row.get(String(left[0])) ?? null, left)));
    return partners.filter((_, place) => wanted.every((key, index) => key !== null && key === keys[place]?.[index]));
  };
}

export function scopeOf(relations: Relations, row: Joined): Scope {
  return {
    typeAt: ([alias, column, ...steps]): OracleType | null =>
      steps.length > 0 ? 'text' : (relations.get(String(alias))?.types.get(String(column)) ?? null),
    valueAt: (segments) => {
      const part = row.get(String(segments[0]));
      if (part === undefined) throw new OracleError(`"${segments[0]}" is no alias here`);
      return valueIn(part, segments);
    },
  };
}
