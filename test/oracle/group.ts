/** Rows that are one row of an aggregate: what they have in common, and what is counted over them. */
import { keyOf } from './compare.ts';
import { type Datum, OracleError } from './datum.ts';
import { evaluate, type Scope } from './expression.ts';
import { fold } from './fold.ts';
import { isAlike, type Node } from './node.ts';
import type { TypeAt } from './type.ts';

/** A scope for each group. NULL is a group; without any expression there is one group, also over no row. */
export function groupsOf(groups: readonly Node[], rows: readonly Scope[], typeAt: TypeAt): Scope[] {
  const found = new Map<string, { values: readonly Datum[]; members: Scope[] }>();
  if (groups.length === 0) found.set(keyOfAll([]), { values: [], members: [] });
  for (const row of rows) {
    const values = groups.map((node) => evaluate(node, row));
    const key = keyOfAll(values);
    const group = found.get(key) ?? { values, members: [] };
    group.members.push(row);
    found.set(key, group);
  }
  return [...found.values()].map(({ values, members }) => scopeOfGroup(groups, values, members, typeAt));
}

/** The same text for values that are equal one by one; NULL equals NULL. */
export function keyOfAll(values: readonly Datum[]): string {
  return JSON.stringify(values.map(keyOf));
}

function scopeOfGroup(
  groups: readonly Node[],
  values: readonly Datum[],
  members: readonly Scope[],
  typeAt: TypeAt,
): Scope {
  return {
    typeAt,
    valueAt: (segments) => {
      throw new OracleError(`${segments.join('.')} is neither a group nor in an aggregate`);
    },
    given: (node) => {
      const place = groups.findIndex((group) => isAlike(group, node));
      if (place >= 0) return values[place];
      return node.kind === 'aggregate' ? fold(node, members) : undefined;
    },
  };
}
