import type { Header, Image } from '../../../change.ts';
import { EtlError } from '../../../diagnostic/diagnostic.ts';
import { type Interest, wantedIn } from '../../../interest.ts';
import { type Element, readLiteral } from '../../../json.ts';
import type { Text } from '../text.ts';
import { charactersOf, failMember, stringIn } from './members.ts';
import { typeOf } from './type.ts';

/** More shapes than any log has. Then remembering starts anew, so that no log can fill the memory with them. */
const MOST = 10_000;

/** What a record says of the columns of a row. */
export interface Columns {
  /** The characters it is said with. Equal ones say the same. */
  readonly said: readonly string[];
  /** Reads them: for each column its name, and its type where that is said. Asked for once for each shape. */
  read(): readonly { readonly name: string; readonly type: string | null }[];
}

/** What the rows of one table have in common that are told by the same columns. */
export interface Shape {
  readonly header: Header;
  /** For each column of the row whether it is in the header; null for a table that nobody reads. */
  readonly wanted: readonly boolean[] | null;
  /** The columns of the row. */
  readonly count: number;
  readonly names: ReadonlySet<string>;
  /** The members that say all this, with the characters they are written in. */
  readonly said: readonly string[];
  readonly schema: string;
  readonly table: string;
}

/**
 * The shapes of a log, of one kind of image. A log repeats schema, table, names and types with every row, mostly with
 * the same characters: comparing them is cheaper than reading them, and rows of one shape share one header.
 */
export interface Shapes {
  /** The shape of a row that a change (or a record of version 2) tells. */
  of(change: Text, columns: Columns): Shape;
  /** The last shape of the change's table; undefined where that is not known, or not read yet. */
  last(change: Text): Shape | undefined;
}

/** Reads the names of the primary key that a change tells (`include-pk`); null where it tells none. */
export type PrimaryKey = (change: Text) => readonly string[] | null;

export function openShapes(interest: Interest, keyIn: PrimaryKey): Shapes {
  const all = new Map<string, Shape>();
  const lastOf = new Map<string, Shape>();
  const remember = (change: Text, columns: Columns): Shape => {
    const key = [charactersOf(change, 'schema'), charactersOf(change, 'table'), ...columns.said].join();
    const shape = all.get(key) ?? shapeOf(change, columns, interest, keyIn);
    if (all.size >= MOST) for (const map of [all, lastOf]) map.clear();
    all.set(key, shape);
    lastOf.set(shape.table, shape);
    return shape;
  };
  const last = (change: Text): Shape | undefined => lastOf.get(charactersOf(change, 'table'));
  return {
    last,
    of(change, columns) {
      const shape = last(change);
      const isSame = shape?.schema === charactersOf(change, 'schema') && isEqual(shape.said, columns.said);
      return isSame ? shape : remember(change, columns);
    },
  };
}

function isEqual(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}

function shapeOf(change: Text, columns: Columns, interest: Interest, keyIn: PrimaryKey): Shape {
  const schema = stringIn(change, 'schema');
  const table = stringIn(change, 'table') ?? failMember(change, 'table', 'a string');
  const all = columns.read().map(({ name, type }) => ({ name, type: type === null ? null : typeOf(type) }));
  const interesting = wantedIn(interest, schema, table);
  const key = keyTold(change, keyIn);
  // A copy, for these texts are views of the change's text, and would keep it in memory as long as the shape.
  return structuredClone({
    header: { schema, table, columns: all.filter(({ name }) => interesting?.has(name)), ...(key && { key }) },
    wanted: interesting && all.map(({ name }) => interesting.has(name)),
    count: all.length,
    names: new Set(all.map(({ name }) => name)),
    said: columns.said,
    schema: charactersOf(change, 'schema'),
    table: charactersOf(change, 'table'),
  });
}

/** Nothing that is read of a row depends on it, so that one which can't be read is no mistake of the record. */
function keyTold(change: Text, keyIn: PrimaryKey): readonly string[] | null {
  try {
    return keyIn(change);
  } catch (error) {
    if (error instanceof EtlError) return null;
    throw error;
  }
}

/** The image of a row; `values` are those of all its columns. */
export function imageOf({ header, wanted }: Shape, { text }: Text, values: readonly Element[]): Image {
  const picked = values.filter((_, index) => wanted?.[index]);
  return { header, values: picked.map(({ start, end }) => readLiteral(text, start, end)) };
}
