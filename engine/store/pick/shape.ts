import type { Header, Type } from '../../change.ts';
import type { ScanColumn } from '../../plan/plan.ts';
import type { Relation } from '../state/state.ts';
import { widen } from './type.ts';

/** What the records of one header are to one relation. Rows of one shape are staged alike. */
export interface Shape {
  /** The relation's place in the plan. */
  readonly relation: number;
  /** The types of the relation's columns, from this shape on. */
  readonly types: readonly (Type | null)[];
  /** Which of its columns the records have. */
  readonly seen: readonly boolean[];
}

/** A column that had one type and comes with another that can't hold the same values. */
export interface TypeConflict {
  readonly column: ScanColumn;
  readonly known: Type;
  readonly come: Type;
}

/** The shape of a header's records in a relation whose columns had the types `known` so far. */
export function shapeOf(
  relation: Relation,
  place: number,
  known: readonly (Type | null)[],
  header: Header,
): Shape | TypeConflict {
  const types: (Type | null)[] = [];
  for (const [n, column] of relation.scan.columns.entries()) {
    const [had, come] = [known[n] ?? null, column.type ?? typeIn(header, column)];
    const type = widen(had, come);
    if (type === 'conflict') return { column, known: had as Type, come: come as Type };
    types.push(type);
  }
  const same = types.every((type, n) => type === (known[n] ?? null));
  return {
    relation: place,
    types: same ? known : types,
    seen: relation.scan.columns.map((column) => isIn(header, column)),
  };
}

function typeIn(header: Header, { path }: ScanColumn): Type | null {
  if (path.kind !== 'nested' || path.steps.length > 0) return null;
  return header.columns.find((column) => column.name === path.column)?.type ?? null;
}

function isIn(header: Header, { path }: ScanColumn): boolean {
  return path.kind === 'fact' || header.columns.some((column) => column.name === path.column);
}
