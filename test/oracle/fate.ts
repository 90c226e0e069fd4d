/**
 * What becomes of each root of a metric: how many joined rows it has there, or what it stops at.
 *
 * Each root goes through the mapping alone, step by step. Where nothing of it is left behind a step, every joined row
 * before that step says why it stops; which of them is told is nobody's promise.
 */
import type { OracleChange } from './change.ts';
import { finding, type Joined, joinWith, type Relations, relationsOf, rowsOf, scopeOf } from './evaluate.ts';
import { holds, passes } from './expression.ts';
import { type OracleJoin, type OracleMapping, readMapping } from './mapping.ts';
import { type OracleImage, rowScope, valueIn } from './row.ts';

export interface OracleFate {
  readonly row: OracleImage;
  readonly rows: number;
  /** Each a kind and, but for the metric's own `where`, the alias at which it stops. */
  readonly stops: readonly string[];
}

/** The fate of every row of the root's table, those included that its own filter leaves out. */
export function fatesOf(yaml: string, changes: readonly OracleChange[]): OracleFate[] {
  const mapping = readMapping(yaml);
  const relations = relationsOf(mapping, changes);
  return (relations.get(mapping.from)?.rows ?? []).map((row) => ({ row, ...fateOf(mapping, relations, row) }));
}

function fateOf(mapping: OracleMapping, relations: Relations, row: OracleImage): Pick<OracleFate, 'rows' | 'stops'> {
  const refused = refusal(mapping, relations, mapping.from, row);
  if (refused) return { rows: 0, stops: [refused] };
  let joined: readonly Joined[] = [new Map([[mapping.from, row]])];
  for (const join of mapping.joins) {
    const through = joinWith(join, joined, rowsOf(mapping, relations, join.alias));
    if (through.length === 0) return { rows: 0, stops: joined.map((each) => unpaired(mapping, relations, join, each)) };
    joined = through;
  }
  const { where } = mapping;
  const kept = joined.filter((each) => !where || holds(where, scopeOf(relations, each)));
  return { rows: kept.length, stops: kept.length > 0 ? [] : ['where'] };
}

function unpaired(mapping: OracleMapping, relations: Relations, join: OracleJoin, row: Joined): string {
  const isNull = join.on.some(({ left }) => valueIn(row.get(String(left[0])) ?? null, left) === null);
  if (isNull) return `null key ${join.alias}`;
  const candidates = finding(join, relations.get(join.alias)?.rows ?? [])(row);
  const refusals = candidates.map((each) => refusal(mapping, relations, join.alias, each));
  return refusals[0] ?? `no partner ${join.alias}`;
}

function refusal({ tables }: OracleMapping, relations: Relations, alias: string, row: OracleImage): string | null {
  const { rejects = [], where = null } = tables.get(alias) ?? {};
  const scope = rowScope(alias, relations.get(alias)?.types ?? new Map(), row);
  if (!rejects.every((check) => passes(check, scope))) return `check ${alias}`;
  return where && !holds(where, scope) ? `table where ${alias}` : null;
}
