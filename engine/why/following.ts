import type { Commit, Position } from '../change.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { Picked } from '../store/pick/pick.ts';
import { hasWanted, holdsWanted, keysOf, type Sought, tellsWanted } from './matching.ts';
import type { Place } from './row.ts';

/** What a log tells last of a row. */
export interface Fate {
  /** Its transaction was left out for a bad record; it stands behind the checkpoint; it is there and was read. */
  readonly kind: 'deleted' | 'emptied' | 'changed' | 'left out' | 'not read yet' | 'read';
  readonly at: Place;
  /** Why its transaction was left out; null otherwise. */
  readonly reason: string | null;
}

/** Follows the rows that have what is wanted, transaction by transaction. A deletion tells the key alone, so keys are kept. */
export interface Following {
  add(picked: Picked): void;
  /** The transaction can't be taken. */
  spoil(diagnostic: Diagnostic | undefined): void;
  /** It ends; `raw` is its text, `isRead` whether it stands before the checkpoint. */
  end(commit: Commit, raw: () => Uint8Array, isRead: boolean): void;
  /** The transaction in hand is not to be. */
  drop(): void;
  fate(): Fate | null;
}

export function openFollowing(sought: Sought): Following {
  const keys = new Set<string>();
  const open = openTransaction(sought, keys);
  let [fate, ahead, lsn]: [Fate | null, Fate | null, bigint | null] = [null, null, null];
  const took = (kind: Fate['kind'], at: Position, isRead: boolean) => {
    const told = { kind, at: { file: at.file, record: at.record }, reason: null };
    if (isRead) fate = told;
    else ahead = kind === 'read' ? { ...told, kind: 'not read yet' } : null;
  };
  return {
    add: open.add,
    spoil: open.spoil,
    drop: () => {
      open.drop();
    },
    end: (commit, raw, isRead) => {
      const isAgain = commit.lsn !== null && lsn !== null && commit.lsn <= lsn;
      lsn = commit.lsn ?? lsn;
      const { changes, spoiled } = open.drop();
      if (isAgain) return;
      if (!spoiled) for (const each of changes) apply(sought, keys, each, (kind) => took(kind, each.at, isRead));
      else if (changes.length > 0 || holdsWanted(sought, raw())) fate = leftOut(spoiled) ?? fate;
    },
    fate: () => ahead ?? fate,
  };
}

/** The transaction in hand: of its changes only those are kept that may be of a row that is followed. */
function openTransaction(sought: Sought, keys: ReadonlySet<string>) {
  const own = new Set<string>();
  let [changes, spoiled]: [Picked[], Diagnostic | null] = [[], null];
  const isFollowed = (picked: Picked): boolean => {
    if (picked.op === 'truncate' || tellsWanted(sought, picked)) return true;
    return keys.size + own.size > 0 && keysOf(sought, picked).some((key) => keys.has(key) || own.has(key));
  };
  return {
    add: (picked: Picked): void => {
      if (!isFollowed(picked)) return;
      changes.push(picked);
      for (const key of keysOf(sought, picked)) own.add(key);
    },
    spoil: (diagnostic: Diagnostic | undefined): void => {
      spoiled ??= diagnostic ?? null;
    },
    drop: () => {
      const dropped = { changes, spoiled };
      [changes, spoiled] = [[], null];
      own.clear();
      return dropped;
    },
  };
}

/** Does to the keys what a change does to its row. */
function apply(sought: Sought, keys: Set<string>, picked: Picked, took: (kind: Fate['kind']) => void): void {
  const { op } = picked;
  if (op === 'truncate') {
    if (keys.size > 0) took('emptied');
    keys.clear();
    return;
  }
  const [after, before = after] = keysOf(sought, picked);
  const had = before !== undefined && keys.delete(before);
  if (op === 'delete') {
    if (had || tellsWanted(sought, picked)) took('deleted');
    return;
  }
  const has = hasWanted(sought, picked, had);
  if (has && after !== undefined) keys.add(after);
  if (has || had) took(has ? 'read' : 'changed');
}

function leftOut({ message, data }: Diagnostic): Fate | null {
  if (data?.record === undefined) return null;
  return { kind: 'left out', at: { file: data.file, record: data.record }, reason: message };
}
