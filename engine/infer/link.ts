/** What could join two sampled tables: two columns whose names or values are alike. */
import type { FoundKey } from './key.ts';
import { rowsOf } from './rows.ts';
import type { Cell, Cells, SampledColumn, SampledTable } from './table.ts';
import { type Likeness, likeness } from './words.ts';

/** A table of a sample with what was found out about it. */
export interface Known {
  readonly table: SampledTable;
  readonly key: FoundKey;
  /** The last image of each row. */
  readonly rows: readonly Cells[];
}

/** A column of one table whose values are those of a column of another one. Each value there is of one row at most. */
export interface Link {
  readonly from: Known;
  readonly column: string;
  readonly to: Known;
  readonly partner: string;
  /** Rows of the first table, those that have a value, and those whose value the other one has. */
  readonly rows: number;
  readonly filled: number;
  readonly matched: number;
  readonly likeness: Likeness;
  /** Whether the partner's column is its key. */
  readonly isToKey: boolean;
  /** Whether the column is the key of its own table: then the reference is the other way round. */
  readonly isFromKey: boolean;
}

export function know(table: SampledTable, key: FoundKey): Known {
  return { table, key, rows: rowsOf(table, key.columns) };
}

/** Where names say little or nothing, there must be so many different values. */
const TELLING: Readonly<Record<Likeness, number>> = { 3: 0, 2: 0, 1: 5, 0: 20 };

/** How many of the values must have a partner, by what the names say. */
const ENOUGH: Readonly<Record<Likeness, number>> = { 3: 0.3, 2: 0.5, 1: 0.8, 0: 0.95 };

/** Whether a link is good enough to be joined by, if nobody says otherwise. */
export function isGood({ likeness, matched, filled }: Link): boolean {
  return matched > 0 && matched >= ENOUGH[likeness] * filled;
}

/** All links between tables, also those that are not good. */
export function linksBetween(tables: readonly Known[]): readonly Link[] {
  const columns = tables.map((known) => known.table.columns.map((_, place) => openValues(known, place)));
  return tables.flatMap((from, n) =>
    tables.flatMap((to, m) => {
      if (n === m) return [];
      const [own, others] = [columns[n] ?? [], columns[m] ?? []];
      return own.flatMap((each) => others.flatMap((other) => linkOf(each, other, from, to) ?? []));
    }),
  );
}

/** The values of a column. */
interface Values {
  readonly column: SampledColumn;
  readonly family: 'number' | 'text' | null;
  readonly isKey: boolean;
  readonly filled: readonly Exclude<Cell, null | undefined>[];
  readonly different: ReadonlySet<number>;
}

function openValues({ table, key, rows }: Known, place: number): Values {
  const column = table.columns[place] as SampledColumn;
  const family = familyOf(column);
  const filled = family === null ? [] : rows.flatMap((cells) => cells[place] ?? []);
  const isKey = key.columns.length === 1 && key.columns[0] === column.name;
  return { column, family, isKey, filled, different: new Set(filled) };
}

/** Values of two families never meet. Those of other types hold what is measured, and nobody joins by that. */
function familyOf({ type, look }: SampledColumn): Values['family'] {
  switch (type ?? look) {
    case 'integer':
    case 'numeric':
      return 'number';
    case 'text':
    case 'character':
    case 'uuid':
      return 'text';
    default:
      return null;
  }
}

/** A key is what the other table's column is named for, where that one refers to it. */
function likenessOf(own: Values, other: Values, from: Known, to: Known): Likeness {
  const [name, partner] = [own.column.name, other.column.name];
  const [forth, back] = [likeness(name, partner, to.table.name), likeness(partner, name, from.table.name)];
  return own.isKey && back > forth ? back : forth;
}

function linkOf(own: Values, other: Values, from: Known, to: Known): Link | null {
  const isUnique = other.different.size === other.filled.length;
  if (own.family === null || own.family !== other.family || other.filled.length === 0 || !isUnique) return null;
  const alike = likenessOf(own, other, from, to);
  // Small numbers meet by chance, and so do few texts.
  if (alike < 2 && own.family === 'number') return null;
  if (own.different.size < TELLING[alike]) return null;
  const matched = own.filled.filter((value) => other.different.has(value)).length;
  if (matched === 0 && alike < 3) return null;
  return {
    from,
    column: own.column.name,
    to,
    partner: other.column.name,
    rows: from.rows.length,
    filled: own.filled.length,
    matched,
    likeness: alike,
    isToKey: other.isKey,
    isFromKey: own.isKey,
  };
}
