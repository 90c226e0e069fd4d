import type { Header, Type } from '../../change.ts';
import { pathText, wholeColumn } from '../../expression/paths.ts';
import type { Scan, ScanColumn } from '../../plan/plan.ts';
import type { Relation } from '../state/stock.ts';
import { widen } from './type.ts';

/** What the records of one header are to one relation. Rows of one shape are staged alike. */
export interface Shape {
  /** The relation's place in the plan. */
  readonly relation: number;
  /** The relation's columns and their types, from this shape on: more than before where it keeps all there are. */
  readonly columns: readonly ScanColumn[];
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

/** The shape of a header's records in a relation, as that is by then. */
export function shapeOf({ scan, types: known }: Relation, place: number, header: Header): Shape | TypeConflict {
  const columns = columnsWith(header, scan);
  const types: (Type | null)[] = [];
  for (const [n, column] of columns.entries()) {
    const [had, come] = [known[n] ?? null, column.type ?? typeIn(header, column)];
    const type = widen(had, come);
    if (type === 'conflict') return { column, known: had as Type, come: come as Type };
    types.push(type);
  }
  const same = columns === scan.columns && types.every((type, n) => type === known[n]);
  return {
    relation: place,
    columns,
    types: same ? known : types,
    seen: columns.map((column) => isIn(header, column)),
  };
}

/** The columns of a relation, and behind them, where it keeps all, those that no header had before. */
function columnsWith(header: Header, { columns, keepsAll }: Scan): readonly ScanColumn[] {
  if (!keepsAll) return columns;
  const known = new Set(columns.map(({ path }) => pathText(path)));
  const paths = new Map(header.columns.map(({ name }) => wholeColumn(name)).map((path) => [pathText(path), path]));
  const others = [...paths].filter(([text]) => !known.has(text));
  return others.length === 0 ? columns : [...columns, ...others.map(([, path]) => ({ path, type: null }))];
}

function typeIn(header: Header, { path }: ScanColumn): Type | null {
  if (path.kind !== 'nested' || path.steps.length > 0) return null;
  return header.columns.find((column) => column.name === path.column)?.type ?? null;
}

function isIn(header: Header, { path }: ScanColumn): boolean {
  return path.kind === 'fact' || header.columns.some((column) => column.name === path.column);
}
