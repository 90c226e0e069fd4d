import type { Header, Interest, Type } from '../../../change.ts';
import { fail } from '../../../diagnostic/diagnostic.ts';
import { elements, readString } from '../../../json.ts';
import { arrayIn, failMember, placeIn, stringIn, type Text } from './text.ts';
import { typeOf } from './type.ts';

/** More shapes than any log has. Then remembering starts anew, so that no log can fill the memory with them. */
const MOST = 10_000;

/** What the changes of one shape have in common. */
export interface Shape {
  readonly header: Header;
  /** For each column of the change whether it is in the header; null for a table that nobody reads. */
  readonly wanted: readonly boolean[] | null;
  /** The columns of the change. */
  readonly count: number;
  /** The members that say all this, with the characters they are written in. */
  readonly said: Said;
}

type Said = readonly [schema: string, table: string, columnnames: string, columntypes: string];

/**
 * The shapes of a log. A log repeats schema, table, names and types with every row, mostly with the same characters:
 * comparing them is cheaper than reading them, and changes of one shape share one header.
 */
export interface Shapes {
  /** The shape of a change that has been read. */
  of(read: Text): Shape;
  /** Behind the names or types that start here, if they are those of the table's last shape; null if they are not. */
  skip(read: Text, at: number, member: 'columnnames' | 'columntypes'): number | null;
}

export function openShapes(interest: Interest): Shapes {
  const all = new Map<string, Shape>();
  const lastOf = new Map<string, Shape>();
  const remember = (read: Text, said: Said): Shape => {
    const key = said.join();
    const shape = all.get(key) ?? shapeOf(read, said, interest);
    if (all.size >= MOST) for (const map of [all, lastOf]) map.clear();
    all.set(key, shape);
    lastOf.set(shape.said[1], shape);
    return shape;
  };
  return {
    of(read) {
      const said = saidIn(read);
      const last = lastOf.get(said[1]);
      return last !== undefined && isSame(last.said, said) ? last : remember(read, said);
    },
    skip(read, at, member) {
      const same = lastOf.get(charactersOf(read, 'table'))?.said[member === 'columnnames' ? 2 : 3];
      return same && read.text.slice(at, at + same.length) === same ? at + same.length : null;
    },
  };
}

function saidIn(read: Text): Said {
  return [
    charactersOf(read, 'schema'),
    charactersOf(read, 'table'),
    charactersOf(read, 'columnnames'),
    charactersOf(read, 'columntypes'),
  ];
}

function isSame(a: Said, b: Said): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3];
}

function charactersOf({ text, parts }: Text, name: string): string {
  const part = parts.get(name);
  return part === undefined ? '' : text.slice(part.start, part.end);
}

function shapeOf(read: Text, said: Said, interest: Interest): Shape {
  const schema = stringIn(read, 'schema');
  const table = stringIn(read, 'table') ?? failMember(read, 'table', 'a string');
  const names = textsIn(read, 'columnnames') ?? failMember(read, 'columnnames', 'an array');
  const types = textsIn(read, 'columntypes');
  if (types !== null && types.length !== names.length) failCount(read, table, names.length, types.length, 'types');
  const interesting = interest(schema, table);
  const all = names.map((name, index) => ({ name, type: typeAt(types, index) }));
  const columns = all.filter(({ name }) => interesting?.has(name));
  const wanted = interesting && names.map((name) => interesting.has(name));
  // A copy, for these texts are views of the change's text, and would keep it in memory as long as the shape.
  return structuredClone({ header: { schema, table, columns }, wanted, count: names.length, said });
}

function typeAt(types: readonly string[] | null, index: number): Type | null {
  const type = types?.[index];
  return type === undefined ? null : typeOf(type);
}

function textsIn(read: Text, name: string): readonly string[] | null {
  const part = arrayIn(read, name);
  return (
    part &&
    [...elements(read.text, part.start)].map(({ start, end }) => {
      if (read.text[start] !== '"') failMember(read, name, 'an array of strings');
      return readString(read.text, start, end);
    })
  );
}

/** Says that a change has not as many of one thing as it has columns. */
export function failCount(read: Text, table: string, names: number, other: number, of: 'types' | 'values'): never {
  fail('NAMES_VALUES_DIFFER', { table, names, other, of }, { data: placeIn(read, read.lead) });
}
