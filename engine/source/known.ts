import { Buffer } from 'node:buffer';
import { open } from 'node:fs/promises';
import type { FileMark } from '../change.ts';
import type { EtlError } from '../diagnostic/diagnostic.ts';
import type { FileState } from './file.ts';
import { findMatch, type Match } from './prefix.ts';

/** Files that are remembered: those that were read last. Of a few that grow, none is ever forgotten. */
const MOST = 64;

/** A file as it was when it was read last. */
export interface KnownFile {
  /** Null where only its match was looked for. */
  readonly state: FileState | null;
  /** How far it was read; null where it had no whole transaction yet. */
  readonly match: Match | null;
  /** That it ended inside a record or a transaction; null where it did not. */
  readonly truncated: EtlError | null;
  /** When that was, in ms since 1970. */
  readonly at: number;
}

/**
 * What is remembered of the files of a source between two looks at it, so that a file that has grown need not be digested
 * from its start to be known: of one that was read here, only the last 64 kB before the place are looked at again.
 *
 * A change further in front is found by the next run, which digests all. It is lost with the process, and only costs time
 * then: what counts is in the checkpoint.
 */
export interface Known {
  /** The file if it is as it was when it was read last; null otherwise. */
  unchanged(path: string, state: FileState): KnownFile | null;
  /** Which of the marks a file begins with. */
  find(path: string, marks: readonly FileMark[]): Promise<Match | null>;
  note(path: string, file: Omit<KnownFile, 'at'>): void;
}

export function openKnown(): Known {
  const files = new Map<string, KnownFile>();
  const note: Known['note'] = (path, file) => {
    files.delete(path);
    files.set(path, { ...file, at: Date.now() });
    for (const oldest of files.keys()) if (files.size > MOST) files.delete(oldest);
  };
  return {
    unchanged(path, { size, changed, id }) {
      const file = files.get(path);
      const same = file?.state?.size === size && file.state.changed === changed && file.state.id === id;
      return same ? file : null;
    },
    async find(path, marks) {
      const matches = [...files.values()].flatMap(({ match }) => (match ? matchOf(match, marks) : []));
      for (const match of matches.sort((a, b) => b.mark.bytes - a.mark.bytes)) {
        if (await stillStands(path, match)) return match;
      }
      const match = await findMatch(path, marks);
      if (match) note(path, { state: null, match, truncated: null });
      return match;
    },
    note,
  };
}

/** The mark is that of the same bytes, whoever made it: another run may have read them too. */
function matchOf({ mark, prefix }: Match, marks: readonly FileMark[]): readonly Match[] {
  const same = marks.find(({ bytes, digest }) => bytes === mark.bytes && digest === mark.digest);
  return same ? [{ mark: same, prefix }] : [];
}

/** Whether the last bytes before the mark are still there. Of what is zipped they never are, for a mark counts the text. */
async function stillStands(path: string, { mark, prefix: { last } }: Match): Promise<boolean> {
  const handle = await open(path).catch(() => null);
  if (handle === null) return false;
  try {
    const bytes = Buffer.alloc(last.length);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, mark.bytes - last.length);
    return bytesRead === last.length && bytes.equals(last);
  } catch {
    return false;
  } finally {
    await handle.close();
  }
}
