import type { Change, Header, Position, Row, Type, Value } from '../change.ts';
import { invariant } from '../diagnostic/diagnostic.ts';
import type { ScanColumn } from '../plan/plan.ts';
import { keyMissing, pickFailed, typeChanged } from './failure.ts';
import { type Reader, readerOf } from './reader.ts';
import { type Shape, shapeOf } from './shape.ts';
import type { Relation } from './state.ts';
import { readsTable } from './table.ts';

/** A row as it will stand in its relation, taken out of a change. */
export interface Picked {
  readonly shape: Shape;
  readonly row: Row;
  readonly at: Position;
}

type Insert = Change & { op: 'insert' };

interface Picker {
  readonly relation: Relation;
  readonly shape: Shape;
  readonly readers: readonly Reader[];
}

/**
 * Makes the function that takes from each change of a source the rows it brings, one for each relation that reads its
 * table.
 *
 * It runs as a change is read, before the batch's transaction, so that what can't be staged is known while the
 * transactions before it can still be committed. `readAt` is `source.read_at`. Throws an EtlError that names the record.
 */
export function picking(
  relations: readonly Relation[],
  source: string,
  readAt: string,
): (change: Change) => readonly Picked[] {
  const known = relations.map((relation) => relation.types);
  const pickers = new Map<Header, readonly Picker[]>();
  return (change) => {
    invariant(change.op === 'insert', 'formats hand out inserts only');
    let found = pickers.get(change.after.header);
    if (!found) {
      const before = [...known];
      found = pickersOf(change, relations, source, known, readAt);
      // A type that has widened is that of all rows from here on, also of those whose header was met before.
      if (known.some((types, place) => types !== before[place])) pickers.clear();
      pickers.set(change.after.header, found);
    }
    return found.map((picker) => pick(picker, change));
  };
}

/** Widens `known` by what the change's header says. */
function pickersOf(
  change: Insert,
  relations: readonly Relation[],
  source: string,
  known: (readonly (Type | null)[])[],
  readAt: string,
): readonly Picker[] {
  const { header } = change.after;
  return relations.flatMap((relation, place) => {
    if (!readsTable(relation.scan, source, header.schema, header.table)) return [];
    const shape = shapeOf(relation, place, known[place] ?? [], header);
    if ('come' in shape) throw typeChanged(change, shape);
    known[place] = shape.types;
    const readers = relation.scan.columns.map(({ path }, n) => readerOf(path, shape.types[n] ?? null, header, readAt));
    return [{ relation, shape, readers }];
  });
}

function pick({ relation: { scan }, shape, readers }: Picker, change: Insert): Picked {
  const row: Value[] = [];
  for (const [n, read] of readers.entries()) {
    const value = attempt(read, change, scan.columns[n] as ScanColumn);
    if (value === null && n < scan.key.length)
      throw keyMissing(change, scan, scan.key[n] ?? '', shape.seen[n] === true);
    row.push(value);
  }
  return { shape, row, at: change.at };
}

function attempt(read: Reader, change: Insert, column: ScanColumn): Value {
  try {
    return read(change.after, change.at);
  } catch (error) {
    throw pickFailed(error, change, column);
  }
}
