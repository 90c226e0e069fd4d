/**
 * Decides, before anything is read, where each file of a source is read from.
 *
 * A file is known by the bytes before its checkpoint, not by its name. Where size and time of change are those of the
 * mark, the bytes are not read again: so do make, git and rsync, and what they can't see either is a file rewritten
 * within one tick of the clock at the same size. Otherwise the bytes are digested once:
 *
 * - the file begins with its own mark: it is read on behind it;
 * - it begins with a mark of another path, and there the mark no longer stands (or the file is as large as that one):
 *   it was renamed (or copied), and is read on behind the mark;
 * - it has a mark that neither it nor another file begins with: it was replaced;
 * - else it is new.
 *
 * All files are looked at together, for a log that is rotated gives its name to another. Files that were begun are read
 * on in the order in which they were begun, new ones behind them in name order: what stands in a new file was written
 * after all that the rotated one still holds.
 */
import type { Buffer } from 'node:buffer';
import type { FileMark } from '../change.ts';
import { type FileState, readBytes, stateOf } from './file.ts';
import { findMatch, type Match } from './prefix.ts';

/** A file that may have something new, and where that starts: behind the match, or at its first byte. */
export interface OpenFile {
  readonly path: string;
  /** Null where the file can't be read twice: it is read whole each time, and no mark is made of it. */
  readonly state: FileState | null;
  readonly match: Match | null;
}

export interface Resumption {
  readonly files: readonly OpenFile[];
  /** Marks that are known under another path now: old path -> new path. */
  readonly renamed: ReadonlyMap<string, string>;
  readonly replaced: readonly string[];
}

/** Which of the marks a file begins with. */
export type Find = (path: string, marks: readonly FileMark[]) => Promise<Match | null>;

/**
 * Looks at all files of a source, one after the other; its marks come in the order in which the files were begun. What has
 * nothing new since its mark is left out; the others come in the order in which they are to be read.
 */
export async function resume(
  paths: readonly string[],
  marks: readonly FileMark[],
  find: Find = findMatch,
): Promise<Resumption> {
  // Marks that are not found where they were made.
  const loose = new Map(marks.map((mark) => [mark.path, mark]));
  const changed: OpenFile[] = [];
  for (const path of paths) {
    const file = await matchOwn(path, loose.get(path) ?? null, find);
    if (file === null || file.match !== null) loose.delete(path);
    if (file !== null) changed.push(file);
  }
  const renamed = new Map<string, string>();
  const files: OpenFile[] = [];
  for (const file of changed) {
    const match = file.match ?? (await matchOther(file, loose, marks, find));
    if (match !== null && loose.delete(match.mark.path)) renamed.set(match.mark.path, file.path);
    files.push({ ...file, match });
  }
  const replaced = files.filter(({ path, match }) => match === null && loose.has(path)).map(({ path }) => path);
  const turn = turns(files, marks);
  return { files: files.toSorted((a, b) => turn(a.path, b.path)), renamed, replaced };
}

/**
 * In which order to look at files that may be written to meanwhile: from the last to be read to the first. Then what was
 * written to one of them is not seen without all that was written before to those in front of it.
 */
export function lookingOrder(
  paths: readonly string[],
  { files }: Resumption,
  marks: readonly FileMark[],
): readonly string[] {
  const turn = turns(files, marks);
  return paths.toSorted((a, b) => turn(b, a));
}

/** Compares paths by when their files are read: those that were begun in the order of their marks, then new ones by name. */
function turns(files: readonly OpenFile[], marks: readonly FileMark[]): (a: string, b: string) => number {
  const places = new Map(marks.map((mark, place) => [mark, place]));
  const own = marks.map((mark) => [mark.path, mark] as const);
  const found = new Map([...own, ...files.map(({ path, match }) => [path, match?.mark] as const)]);
  const placeOf = (path: string) => {
    const mark = found.get(path);
    return (mark && places.get(mark)) ?? marks.length;
  };
  return (a, b) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1);
}

/** A file and whether it begins with its own mark; null if nothing changed since. */
async function matchOwn(path: string, mark: FileMark | null, find: Find): Promise<OpenFile | null> {
  const state = stateOf(path);
  if (state === null || mark === null) return { path, state, match: null };
  if (state.size === mark.size && state.changed === mark.changed) return null;
  return { path, state, match: await standing(path, await find(path, [mark])) };
}

/** The mark of another path that a file begins with. */
async function matchOther(
  { path, state }: OpenFile,
  loose: ReadonlyMap<string, FileMark>,
  marks: readonly FileMark[],
  find: Find,
): Promise<Match | null> {
  if (state === null) return null;
  const copied = marks.filter((mark) => mark.size === state.size);
  return standing(path, await find(path, [...loose.values(), ...copied]));
}

/** A record that was taken without its line end was another one where it goes on; then nothing of the file is known. */
async function standing(path: string, match: Match | null): Promise<Match | null> {
  if (match?.mark.shape !== 'unended') return match;
  for await (const next of readBytes(path, match.mark.bytes)) return startsLine(next) ? match : null;
  return match;
}

/** Whether a line end comes first, of one byte or two a character. */
function startsLine(bytes: Buffer): boolean {
  return [...bytes.subarray(0, 2)].some((byte) => byte === 10 || byte === 13);
}
