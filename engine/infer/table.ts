/** What a sample keeps of one table: its columns, and of each row the hashes of its values. */
import type { Change, Header, Image, Literal, Type } from '../change.ts';
import { OperationError } from '../expression/operation/operation.ts';
import { trimBlanksAtEnd } from '../expression/operation/space.ts';
import { storedValue } from '../expression/operation/value.ts';
import { widen } from '../store/pick/type.ts';
import { hashOf } from './hash.ts';
import { common, type Look, lookOf, lookOfLiteral } from './look.ts';
import { openPlaces, type Place, type Places } from './places.ts';

/** The hash of a value; null is NULL, and undefined what the image does not tell. */
export type Cell = number | null | undefined;

/** An image of a row; its cells stand in the order of the table's columns, and those at its end may be missing. */
export type Cells = readonly Cell[];

/** A change as a sample keeps it. */
export type SampledChange =
  | { readonly op: 'insert'; readonly after: Cells }
  | { readonly op: 'update'; readonly before: Cells | null; readonly after: Cells }
  | { readonly op: 'delete'; readonly before: Cells }
  | { readonly op: 'truncate' };

export interface SampledTable {
  readonly schema: string | null;
  readonly name: string;
  readonly columns: readonly SampledColumn[];
  readonly changes: readonly SampledChange[];
  /** The primary key, where the log tells it; none is a table without one. */
  readonly key: readonly string[] | null;
  /** Whether every row before a change was told whole: changes of a table without a key can be read then. */
  readonly isOldWhole: boolean;
}

export interface SampledColumn {
  readonly name: string;
  /** As the source says it; null where it says none. */
  readonly type: Type | null;
  /** Whether the source says two types that are not one. */
  readonly hasTypes: boolean;
  /** What its values look like; null where all are NULL. */
  readonly look: Look | null;
  /** Whether JSON stands in it as a text. */
  readonly isText: boolean;
  /** What is inside its documents. */
  readonly places: readonly Place[];
}

/** A table whose changes come in. */
export interface TableSample {
  take(change: Change): void;
  end(): SampledTable;
}

interface OpenColumn {
  readonly name: string;
  type: Type | null;
  hasTypes: boolean;
  look: Look | null;
  isText: boolean;
  readonly places: Places;
}

export function openTable(schema: string | null, name: string): TableSample {
  const columns = new Map<string, OpenColumn>();
  const known = new WeakMap<Header, readonly Placed[]>();
  const changes: SampledChange[] = [];
  let [key, isOldWhole]: [readonly string[] | null, boolean] = [null, true];
  const cellsOf = ({ header, values }: Image): Cells => {
    const cells: Cell[] = [];
    const placed = known.get(header) ?? columnsOf(header, columns);
    known.set(header, placed);
    for (const [n, { place, column }] of placed.entries()) cells[place] = cellOf(values[n] ?? null, column);
    return cells;
  };
  return {
    take(change) {
      if ('after' in change) key = change.after.header.key ?? key;
      const before = 'before' in change ? change.before : null;
      if (before) key = before.header.key ?? key;
      if (before?.missing === 'unknown' || (change.op === 'update' && before === null)) isOldWhole = false;
      changes.push(sampled(change, cellsOf));
    },
    end: () => ({ schema, name, columns: [...columns.values()].map(ended), changes, key, isOldWhole }),
  };
}

function sampled(change: Change, cellsOf: (image: Image) => Cells): SampledChange {
  switch (change.op) {
    case 'insert':
      return { op: 'insert', after: cellsOf(change.after) };
    case 'update':
      return { op: 'update', before: change.before && cellsOf(change.before), after: cellsOf(change.after) };
    case 'delete':
      return { op: 'delete', before: cellsOf(change.before) };
    case 'truncate':
      return { op: 'truncate' };
  }
}

function ended({ places, look, ...column }: OpenColumn): SampledColumn {
  const isJson = look === 'json' && (column.type === null || column.type === 'json' || column.type === 'text');
  return { ...column, look, places: isJson ? places.all() : [] };
}

interface Placed {
  readonly place: number;
  readonly column: OpenColumn;
}

/** The columns of a header among those of its table, which get those that are new, and the types that they are said to have. */
function columnsOf(header: Header, columns: Map<string, OpenColumn>): readonly Placed[] {
  for (const { name, type } of header.columns) {
    const column = columns.get(name) ?? newColumn(name, type);
    columns.set(name, column);
    const both = widen(column.type, type);
    if (both === 'conflict') column.hasTypes = true;
    else column.type = both;
  }
  const places = new Map([...columns.keys()].map((name, place) => [name, place]));
  return header.columns.map(({ name }) => ({
    place: places.get(name) as number,
    column: columns.get(name) as OpenColumn,
  }));
}

function newColumn(name: string, type: Type | null): OpenColumn {
  return { name, type, hasTypes: false, look: null, isText: false, places: openPlaces() };
}

/** Notes what the value is, and gives its hash; equal values of a type have one, however they are written. */
function cellOf(literal: Literal, column: OpenColumn): Cell {
  if (literal === null) return null;
  const isWritten = typeof literal === 'string';
  const look = isWritten && column.type !== null ? lookOf(literal) : lookOfLiteral(literal);
  column.look = common(column.look, look);
  if (look === 'json') {
    column.isText ||= isWritten;
    column.places.take(isWritten ? literal : (literal as { json: string }).json);
  }
  return hashOf(textOf(literal, column.type));
}

/** As a text that equal values share. What is no value of its type, which stops a run, is as it came. */
function textOf(literal: Exclude<Literal, null>, type: Type | null): string {
  try {
    const value = storedValue(literal, type);
    return type === 'character' ? trimBlanksAtEnd(String(value)) : String(value);
  } catch (error) {
    if (error instanceof OperationError) return typeof literal === 'object' ? literal.json : String(literal);
    throw error;
  }
}
