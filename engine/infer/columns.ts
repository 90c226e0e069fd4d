/** The columns of a metric that has all there is: each column of its tables, JSON opened to what stands inside. */
import type { Type } from '../change.ts';
import type { Format } from '../mapping/format.ts';
import type { Look } from './look.ts';
import { pathText } from './path-text.ts';
import { free, type Proposal, type ProposedTable } from './propose.ts';
import type { SampledColumn } from './table.ts';

export interface ProposedColumn {
  readonly path: string;
  /** Null where the path's last word is the name. */
  readonly name: string | null;
  /** Of what is inside of JSON, where that is no text. */
  readonly type: Type | null;
  /** What its values are, as far as that is known. */
  readonly shown: string;
  /** Rows of the sample that have a value; null where they were not counted. */
  readonly filled: number | null;
  readonly rows: number;
}

/** In the order of the joins. A column by which a table is joined, and which has the name of its partner, is there once. */
export function columnsOf({ tables, joins, source }: Proposal): readonly ProposedColumn[] {
  const taken = new Set<string>();
  return tables.flatMap((table) => {
    const by = joins.find(({ link }) => link.to === table.known)?.link;
    const columns = table.known.table.columns
      .map((column, place) => ({ column, place }))
      .filter(({ column }) => !(by && by.partner === column.name && by.column === column.name));
    return columns.flatMap(({ column, place }) => {
      const rows = table.known.rows;
      const filled = rows.filter((cells) => (cells[place] ?? null) !== null).length;
      return pathsOf(column, table, source.format).map((path) => ({
        ...named(path, taken),
        ...(path.steps.length === 0 ? { filled } : { filled: filled === 0 ? 0 : null }),
        rows: rows.length,
      }));
    });
  });
}

/** A column, or a place inside of it. */
interface Path {
  readonly table: ProposedTable;
  readonly column: string;
  readonly steps: readonly string[];
  readonly type: Type | null;
  readonly shown: string;
}

function pathsOf(column: SampledColumn, table: ProposedTable, format: Format): readonly Path[] {
  const own = { table, column: column.name };
  if (!isOpened(column, format)) return [{ ...own, steps: [], type: null, shown: shownOf(column, format) }];
  return column.places.map(({ steps, look }) => ({
    ...own,
    steps,
    type: look !== null && NESTED.has(look) ? look : null,
    shown: look ?? 'null',
  }));
}

/** What a nested path can be said to be; else it is a text. */
const NESTED: ReadonlySet<Look> = new Set<Look>(['integer', 'numeric', 'double', 'boolean']);

/** Whether a column holds documents with names in them. A text of a database is a text, whatever stands in it. */
export function isOpened({ type, places }: SampledColumn, format: Format): boolean {
  return places.length > 0 && (type === null || type === 'json' || format.kind === 'csv');
}

/** In a csv file every column is a text, and what it looks like is declared. */
function shownOf({ type, look }: SampledColumn, { kind }: Format): string {
  if (kind === 'csv') return look ?? 'text';
  return type === 'character' ? 'text' : (type ?? look ?? 'unknown');
}

/** Its last word, with as many before it as it takes. Names equal but for the case of ASCII letters are one name in SQLite. */
function named({ table, column, steps, type, shown }: Path, taken: Set<string>): Named {
  const path = pathText(table.alias, column, steps);
  const words = [table.alias, column, ...steps];
  const names = words.map((_, n) => words.slice(-1 - n).join('_'));
  const name = free(names, (each) => taken.has(folded(each)));
  taken.add(folded(name));
  return { path, name: name === words.at(-1) ? null : name, type, shown };
}

type Named = Pick<ProposedColumn, 'path' | 'name' | 'type' | 'shown'>;

function folded(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
