import { type Change, type Header, headerOf, type Image, type Position, type Row, type Value } from '../../change.ts';
import type { Scan, ScanColumn } from '../../plan/plan.ts';
import type { Relation } from '../state/stock.ts';
import { keyMissing, oldRowMissing, pickFailed, tooManyColumns, typeChanged, versionFailed } from './failure.ts';
import { type Reader, readerOf } from './reader.ts';
import { type Shape, shapeOf } from './shape.ts';
import { readsTable } from './table.ts';
import { type VersionOf, versionIn } from './versions.ts';

/** What a change does to one relation. */
export interface Picked {
  readonly op: Change['op'];
  readonly shape: Shape;
  /** The row after the change, in column order; NULL where the change does not tell a value. Empty if there is none. */
  readonly row: Row;
  /**
   * What the row was found by before: its key, or all kept columns where the relation has no key. Empty if there was none.
   * Behind the key a delete tells the columns of its version, where its image has them.
   */
  readonly old: Row;
  readonly at: Position;
}

/** How changes of one kind and one header are picked. */
interface Picker {
  readonly relation: Relation;
  readonly shape: Shape;
  readonly row: readonly Reader[];
  readonly old: readonly Reader[];
  /** Where an update has no image of the row before, its key did not change. */
  readonly oldIn: 'before' | 'after';
  /** Whether the header of a delete has all columns of the version. */
  readonly tellsVersion: boolean;
  /** Computes the version of a row, where it is told as a whole. */
  readonly version: VersionOf | null;
}

/** What was made for the headers of a change and its kind. */
type Pickers = WeakMap<Header, WeakMap<Header, Map<Change['op'], readonly Picker[]>>>;

/** Takes from each change of a source what it does to the relations that read its table. */
export interface Picking {
  /** Throws an EtlError that names the record where the change can't be staged. */
  pick(change: Change): readonly Picked[];
  /** The transaction ends here. */
  end(): void;
  /** The transaction is not to be, nor what it said of types. */
  drop(): void;
}

/**
 * It runs as a change is read, before the batch's transaction, so that what can't be staged is known while the
 * transactions before it can still be committed. `readAt` tells `source.read_at`. What is kept for a header goes with it.
 */
export function picking(relations: readonly Relation[], source: string, readAt: () => string): Picking {
  const known = [...relations];
  let ended = [...known];
  let pickers: Pickers = new WeakMap();
  const make = (change: Change, { schema, table }: Header): readonly Picker[] => {
    const before = [...known];
    const made = known.flatMap((relation, place) =>
      readsTable(relation.scan, source, schema, table) ? [pickerOf(change, place, known, readAt)] : [],
    );
    // A type that has widened is that of all rows from here on, also of those whose headers were met before.
    if (known.some((relation, place) => relation !== before[place])) pickers = new WeakMap();
    return made;
  };
  const isOther = (relation: Relation, place: number) => relation !== ended[place];
  return {
    pick(change) {
      const first = headerOf(change);
      const second = otherHeaderOf(change);
      let found = pickers.get(first)?.get(second)?.get(change.op);
      if (found === undefined) {
        found = make(change, first);
        remembered(pickers, first, second).set(change.op, found);
      }
      return found.map((picker) => pick(picker, change));
    },
    end() {
      if (known.some(isOther)) ended = [...known];
    },
    drop() {
      if (!known.some(isOther)) return;
      known.splice(0, known.length, ...ended);
      pickers = new WeakMap();
    },
  };
}

function remembered(pickers: Pickers, first: Header, second: Header): Map<Change['op'], readonly Picker[]> {
  const inner = pickers.get(first) ?? new WeakMap();
  pickers.set(first, inner);
  const found = inner.get(second) ?? new Map();
  inner.set(second, found);
  return found;
}

/** The header of the image before a change that has another one too. */
function otherHeaderOf(change: Change): Header {
  return change.op === 'update' && change.before ? change.before.header : NO_HEADER;
}

const NO_HEADER: Header = { schema: null, table: '', columns: [] };

function imageOf(change: Change, which: 'before' | 'after'): Image | null {
  if (which === 'after') return 'after' in change ? change.after : null;
  return 'before' in change ? change.before : null;
}

/** Widens the relation at its place in `known` by what the change's headers say. */
function pickerOf(change: Change, place: number, known: Relation[], readAt: () => string): Picker {
  const before = known[place] as Relation;
  const shape = shapeOf(before, place, headerOf(change));
  if ('come' in shape) throw typeChanged(change, before.scan, shape);
  if (shape.columns.length > MOST_COLUMNS) throw tooManyColumns(change, before.scan, MOST_COLUMNS);
  const relation = widened(before, shape);
  known[place] = relation;
  const { scan } = relation;
  const readers = (columns: readonly ScanColumn[], image: Image | null) =>
    image ? columns.map(({ path }, n) => readerOf(path, shape.types[n] ?? null, image.header, readAt)) : [];
  const oldIn = foundIn(change, scan);
  const tombstone = change.op === 'delete' ? scan.columns.slice(0, scan.tombstone) : [];
  const foundBy = tombstone.length > 0 ? tombstone : columnsFoundBy(scan);
  return {
    relation,
    shape,
    row: readers(scan.columns, imageOf(change, 'after')),
    old: oldIn === null ? [] : readers(foundBy, imageOf(change, oldIn)),
    oldIn: oldIn ?? 'after',
    tellsVersion: shape.seen.slice(0, tombstone.length).every((seen) => seen),
    version: shape.seen.slice(0, scan.tombstone).every((seen) => seen) ? versionIn(scan, shape.types) : null,
  };
}

/** As many as a table of PostgreSQL can have, and fewer than SQLite takes. */
const MOST_COLUMNS = 1_600;

function widened(relation: Relation, { columns, types }: Shape): Relation {
  return types === relation.types ? relation : { ...relation, scan: { ...relation.scan, columns }, types };
}

/** The columns that a row is found by; a key's are the first ones. */
function columnsFoundBy({ key, columns }: Scan): readonly ScanColumn[] {
  return key.length > 0 ? columns.slice(0, key.length) : columns;
}

/**
 * The image that tells what the row is found by; null where nothing is to be found.
 *
 * Throws an EtlError where none tells it: the log then has the old values of other columns only.
 */
function foundIn(change: Change, scan: Scan): 'before' | 'after' | null {
  if (change.op === 'insert' || change.op === 'truncate') return null;
  const { before } = change;
  if (change.op === 'update' && before === null && scan.key.length > 0) return 'after';
  const missing = scan.key.filter((column) => !before?.header.columns.some(({ name }) => name === column));
  if (before === null || missing.length > 0) throw oldRowMissing(change, scan, missing);
  return 'before';
}

function pick(picker: Picker, change: Change): Picked {
  const { scan } = picker.relation;
  const after = imageOf(change, 'after');
  const old = picker.old.length > 0 ? imageOf(change, picker.oldIn) : null;
  const row = after ? values(picker.row, scan, after, change) : NOTHING;
  if (change.op === 'insert') checkKey(scan, row, change, picker.shape);
  const found = old ? values(picker.old, scan, old, change) : NOTHING;
  const isTold = change.op !== 'delete' || picker.tellsVersion || change.before.missing === 'null';
  checkVersion(picker, after ? row : isTold ? found : NOTHING, change);
  return {
    op: change.op,
    shape: picker.shape,
    row,
    old: isTold ? found : found.slice(0, scan.key.length),
    at: change.at,
  };
}

const NOTHING: Row = [];

/** A version that can't be computed is found out while the record can still be left out. */
function checkVersion({ version, relation: { scan } }: Picker, row: Row, change: Change): void {
  if (version === null || row.length === 0 || scan.version === null) return;
  try {
    version(row);
  } catch (error) {
    throw versionFailed(error, change, scan, scan.version);
  }
}

/** The key's columns are the first ones, so each reader stands in its column's place. */
function values(readers: readonly Reader[], scan: Scan, image: Image, change: Change): Row {
  const row = new Array<Value>(readers.length);
  let n = 0;
  try {
    for (; n < row.length; n++) row[n] = (readers[n] as Reader)(image, change.at);
    return row;
  } catch (error) {
    throw pickFailed(error, change, scan, scan.columns[n] as ScanColumn);
  }
}

function checkKey(scan: Scan, row: Row, change: Change, shape: Shape): void {
  for (let n = 0; n < scan.key.length; n++)
    if (row[n] === null) throw keyMissing(change, scan, scan.key[n] ?? '', shape.seen[n] === true);
}
