import { setTimeout } from 'node:timers/promises';
import type { FileMark } from '../change.ts';
import { isFinding } from '../diagnostic/diagnostic.ts';
import type { Known, KnownFile } from './known.ts';
import { findFiles } from './place.ts';
import { lookingOrder, type OpenFile, type Resumption, resume } from './resume.ts';

/** Names change in several steps (a log is renamed, then its successor is made), and a look may fall between two. */
const MOMENT = 150;

/** A file that is taken away during a look is no error, unless that happens so many times in a row. */
const TRIES = 5;

/**
 * Looks at the files of a place as `resume` does, while others write to them and rename them. A place that holds nothing
 * (yet) has no files.
 */
export async function look(place: string, marks: readonly FileMark[], known: Known): Promise<Resumption> {
  for (let tries = 1; ; tries++) {
    try {
      return await lookAgain(place, marks, known);
    } catch (error) {
      if (tries === TRIES || !isFinding(error, 'FILE_NOT_FOUND')) throw error;
      await setTimeout(MOMENT);
    }
  }
}

/** What has changed is looked at again, in the right order; where names are others than before, they must stay so for a moment. */
async function lookAgain(place: string, marks: readonly FileMark[], known: Known): Promise<Resumption> {
  let last = await resume(await filesAt(place), marks, known.find);
  while (last.files.length > 0) {
    const wasMoving = isMoving(last, marks, known);
    if (wasMoving) await setTimeout(MOMENT);
    last = await resume(lookingOrder(await filesAt(place), last, marks), marks, known.find);
    if (wasMoving || !isMoving(last, marks, known)) return last;
  }
  return last;
}

function filesAt(place: string): Promise<readonly string[]> {
  return findFiles(place).catch((error: unknown) => {
    if (isFinding(error, 'FILE_NOT_FOUND', place)) return [];
    throw error;
  });
}

function isMoving({ files, renamed, replaced }: Resumption, marks: readonly FileMark[], known: Known): boolean {
  const isNew = marks.length > 0 && files.some((file) => file.match === null && isUnread(file, known));
  return renamed.size > 0 || replaced.length > 0 || isNew;
}

/** Whether a file holds something that was not read, or not as it stands there now. */
export function isUnread(file: OpenFile, known: Known): boolean {
  return file.state !== null && file.state.size > 0 && knownAs(file, known) === null;
}

/** What is known of a file if it was read as it is now, and that is committed too. */
export function knownAs({ path, state, match }: OpenFile, known: Known): KnownFile | null {
  const file = state && known.unchanged(path, state);
  return file?.match?.mark.bytes === match?.mark.bytes ? file : null;
}
