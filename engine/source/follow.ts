/**
 * Reads a source on and on: all there is, then what comes.
 *
 * Files are looked at again and again, as a run would look at them: what has grown is read from its mark on, what is new
 * from its start. So every rule of `resume` holds here too, and nothing is known that a run could not find out; `known`
 * only spares the time. It is looked and not listened (fs.watch), for network mounts and containers do not tell what
 * others write, and a look at a file that has not changed costs microseconds.
 *
 * A file that ends inside a record or a transaction is awaited, and so is all that stands behind it, for order matters.
 * What is read of it meanwhile is read again. If it rests for long while something waits behind it, it is an error.
 */
import type { FileMark } from '../change.ts';
import { EtlError, isFinding } from '../diagnostic/diagnostic.ts';
import type { Interest } from '../interest.ts';
import { closeStandardInput, cutOff, FileMoved, type FileState, isGrowing, stateOf } from './file.ts';
import type { Known, KnownFile } from './known.ts';
import { isUnread, knownAs, look } from './look.ts';
import { pausing } from './pausing.ts';
import { isStream, STANDARD_INPUT } from './place.ts';
import { isAnew, NOTHING_RENAMED, type Reading, refuseReplaced, type Source } from './read.ts';
import { type FileReading, readFile } from './read-file.ts';
import type { OpenFile } from './resume.ts';

/** So long, in ms, a file that ends too early may hold up what stands behind it without growing. */
const PATIENCE = 30_000;

export interface FollowedFiles {
  readonly source: Source;
  /** The checkpoint as it is now. */
  readonly marks: () => readonly FileMark[];
  readonly interest: Interest;
  readonly known: Known;
  readonly patience?: number;
}

/**
 * Reads what is new in a source, and goes on. Null stands where that is all, for now: what was read is to be committed
 * then, and whoever asks for more decides when. Ends where the source has an end: standard input and pipes.
 *
 * A place that holds nothing is awaited. Throws an EtlError as `readFiles` does.
 */
export async function* followFiles(following: FollowedFiles): AsyncGenerator<Reading | null> {
  if (await isStream(following.source.path)) return yield* followStream(following);
  let marks = following.marks();
  for (let first = true; ; first = false) {
    let isNew = false;
    for await (const reading of readNew(following, marks)) {
      isNew = true;
      yield reading;
    }
    yield null;
    if (isNew) marks = following.marks();
    if (first) await getToKnow(following.known, marks);
  }
}

async function* followStream({ source, interest }: FollowedFiles): AsyncGenerator<Reading | null> {
  const { path } = source;
  const readings = readFile({ path, state: null, match: null }, { source, interest });
  try {
    for await (const reading of pausing(readings))
      yield reading && { ...reading, renamed: NOTHING_RENAMED, anew: false };
  } finally {
    if (path === STANDARD_INPUT) closeStandardInput();
  }
}

/** One look, and what it finds. A file that is taken away meanwhile is looked for the next time. */
async function* readNew(following: FollowedFiles, marks: readonly FileMark[]): AsyncGenerator<Reading> {
  const { source, known, patience = PATIENCE } = following;
  const resumption = await look(source.path, marks, known);
  refuseReplaced(source, resumption);
  let { files, renamed } = resumption;
  try {
    for (const [n, file] of files.entries()) {
      for await (const reading of readChanged(file, following)) {
        yield { ...reading, renamed, anew: isAnew(reading, resumption) };
        renamed = NOTHING_RENAMED;
      }
      const { truncated = null, at = 0 } = knownAs(file, known) ?? {};
      const waits = truncated && files.slice(n + 1).some((behind) => isUnread(behind, known));
      if (waits && Date.now() - at > patience) throw truncated;
      if (truncated) return;
    }
  } catch (error) {
    if (!(error instanceof FileMoved || isFinding(error, 'FILE_NOT_FOUND'))) throw error;
  }
}

/** Reads a file that is not as it was when it was read last, and notes how it is. */
async function* readChanged(file: OpenFile, { source, interest, known }: FollowedFiles): AsyncGenerator<FileReading> {
  const { path, state } = file;
  const as = knownAs(file, known);
  if (state === null || (as && !isAtRest(as, state))) return;
  let match = () => file.match && { ...file.match, mark: { ...file.match.mark, path } };
  let truncated = await cutOff(path, state);
  try {
    if (truncated === null) {
      for await (const reading of readFile(file, { source, interest, seen: state })) {
        yield reading;
        const commit = reading.items.findLast(({ op }) => op === 'commit');
        if (commit?.op === 'commit') match = () => reading.behind(commit);
      }
    }
  } catch (error) {
    if (!isFinding(error, 'TRUNCATED_INPUT')) throw error;
    truncated = error;
  }
  known.note(path, { state, match: match(), truncated });
}

/** Whether a file that ended too early was seen while somebody may have been writing, and rests since then. */
function isAtRest({ truncated, at }: KnownFile, state: FileState): boolean {
  return truncated !== null && isGrowing(state, at) && !isGrowing(state);
}

/** The file that was written last will grow, and is digested ahead of that if a run before this one has read it. */
async function getToKnow(known: Known, marks: readonly FileMark[]): Promise<void> {
  const [last] = marks.filter(isAsRead).toSorted((a, b) => b.changed - a.changed);
  if (last === undefined) return;
  const { path } = last;
  const state = stateOf(path);
  if (state && !known.unchanged(path, state)) {
    known.note(path, { state, match: await known.find(path, [last]), truncated: null });
  }
}

function isAsRead({ path, size, changed }: FileMark): boolean {
  try {
    const state = stateOf(path);
    return state?.size === size && state.changed === changed;
  } catch (error) {
    if (error instanceof EtlError) return false;
    throw error;
  }
}
