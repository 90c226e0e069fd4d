/**
 * Reads a log again to see what became of a row that the state does not hold.
 *
 * Its changes are picked as a run picks them, and counted at the commit of their transaction, unless it was left out or
 * delivered again. What stands behind the checkpoint is not in the state yet.
 */
import { isFileMark, type Mark } from '../change.ts';
import { EtlError, isFinding } from '../diagnostic/diagnostic.ts';
import { hasRecords } from '../mapping/format.ts';
import type { SourceDeclaration } from '../mapping/mapping.ts';
import type { RunOptions } from '../pipeline/options.ts';
import { scansOf } from '../plan/compile.ts';
import type { Plan } from '../plan/plan.ts';
import { stateOf } from '../source/file.ts';
import { findFiles, STANDARD_INPUT } from '../source/place.ts';
import { findMatch } from '../source/prefix.ts';
import { type FileReading, readFile } from '../source/read-file.ts';
import { type Picking, picking } from '../store/pick/pick.ts';
import { interestOf, tableName } from '../store/pick/table.ts';
import type { Relation } from '../store/state/stock.ts';
import { type Fate, type Following, openFollowing } from './following.ts';
import type { Sought } from './matching.ts';

/** What the log tells of a row that is looked for. */
export interface Told {
  /** Null where no record that was read tells of it. */
  readonly fate: Fate | null;
  /** The files that were read for it. */
  readonly read: readonly string[];
  /** What could not be. */
  readonly unread: readonly Unread[];
}

/** What can't be read again: a file that is gone or was changed, one with a record that ends the reading; or no file. */
export interface Unread {
  readonly place: string;
  readonly why: 'gone' | 'changed' | 'broken' | 'no file';
}

/** A log as the state knows it. */
export interface Log {
  readonly plan: Plan;
  readonly source: SourceDeclaration;
  readonly relations: readonly Relation[];
  /** How far it is committed. */
  readonly marks: readonly Mark[];
}

/** A file, and up to which byte it was read. */
interface LogFile {
  readonly path: string;
  readonly until: number;
}

/** How a log is looked through. */
export interface Looking {
  /** Files to look into instead of those that were read. */
  readonly input?: string | undefined;
  readonly onProgress?: RunOptions['onProgress'];
}

/** Looks through the files of a log in the order in which they were read. */
export async function tellOf(log: Log, sought: Sought, { input, onProgress }: Looking): Promise<Told> {
  const following = openFollowing(sought);
  const files = await filesOf(log, input);
  const progress = openProgress(log, files, onProgress);
  const place = log.relations.indexOf(sought.relation);
  const [read, unread]: [string[], Unread[]] = [[], []];
  for (const file of files) {
    if ('why' in file) unread.push(file);
    else {
      const isWhole = await follow(log, file, (reading, pick) => {
        take(reading, { pick, file, place, following });
        progress(reading);
      });
      // A transaction that does not end is not to be.
      following.drop();
      if (isWhole) read.push(file.path);
      else unread.push({ place: file.path, why: 'broken' });
    }
  }
  return { fate: following.fate(), read, unread };
}

/** Is told of what was read, and tells how far that is. */
function openProgress({ plan }: Log, files: readonly (LogFile | Unread)[], onProgress: Looking['onProgress']) {
  const all = files.reduce((sum, file) => sum + ('until' in file ? file.until : 0), 0);
  const total = Number.isFinite(all) ? all : null;
  let [bytes, changes] = [0, 0];
  return (reading: FileReading): void => {
    bytes += reading.bytes;
    changes += reading.items.length;
    onProgress?.({ metric: plan.metric, step: 'read', bytes, changes, total });
  };
}

async function filesOf({ marks, source }: Log, input: string | undefined): Promise<readonly (LogFile | Unread)[]> {
  if (!hasRecords(source.format) || input === STANDARD_INPUT) return [{ place: source.name, why: 'no file' }];
  if (input !== undefined) return (await findFiles(input)).map((path) => ({ path, until: Number.POSITIVE_INFINITY }));
  if (marks.length === 0) return [{ place: STANDARD_INPUT, why: 'no file' }];
  return Promise.all(marks.map(fileOf));
}

async function fileOf(mark: Mark): Promise<LogFile | Unread> {
  if (!isFileMark(mark)) return { place: mark.path, why: 'no file' };
  try {
    stateOf(mark.path);
    const match = await findMatch(mark.path, [mark]);
    return match ? { path: mark.path, until: mark.bytes } : { place: mark.path, why: 'changed' };
  } catch (error) {
    if (isFinding(error, 'FILE_NOT_FOUND')) return { place: mark.path, why: 'gone' };
    throw error;
  }
}

/** Whether the file could be read to its end. */
async function follow(
  { plan, source, relations }: Log,
  { path }: LogFile,
  work: (reading: FileReading, pick: Picking) => void,
): Promise<boolean> {
  const scans = scansOf(plan);
  const pick = picking(relations, source.name, () => '');
  const read = { format: source.format, table: tableName(scans, source.name) };
  const readings = readFile(
    { path, state: stateOf(path), match: null },
    { source: read, interest: interestOf(scans, source.name) },
  );
  try {
    for await (const reading of readings) work(reading, pick);
    return true;
  } catch (error) {
    if (error instanceof EtlError) return false;
    throw error;
  }
}

interface Taking {
  readonly pick: Picking;
  readonly file: LogFile;
  /** The place of the relation whose rows are followed. */
  readonly place: number;
  readonly following: Following;
}

function take(reading: FileReading, { pick, file, place, following }: Taking): void {
  for (const item of reading.items) {
    if (item.op === 'commit') {
      following.end(item, () => reading.raw(item), item.offset <= file.until);
      pick.end();
    } else if (item.op === 'bad') following.spoil(item.diagnostic);
    else {
      try {
        for (const picked of pick.pick(item)) if (picked.shape.relation === place) following.add(picked);
      } catch (error) {
        if (!(error instanceof EtlError)) throw error;
        following.spoil(error.diagnostics[0]);
      }
    }
  }
}
