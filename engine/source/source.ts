import type { Mark } from '../change.ts';
import { isFileMark } from '../change.ts';
import type { Interest } from '../interest.ts';
import { type FollowedFiles, followFiles } from './follow.ts';
import { type Reading, readFiles, type Source } from './read.ts';

/** How a source is read: by `readSource`, or together with others who read it. */
export type Read = (source: Source, marks: readonly Mark[], interest: Interest) => AsyncGenerator<Reading>;

/** Reads what is new in a source since its marks were made: its files, or the tables of its database. Throws an EtlError. */
export async function* readSource(source: Source, marks: readonly Mark[], interest: Interest): AsyncGenerator<Reading> {
  switch (source.format.kind) {
    case 'table':
      return yield* (await import('./table/table.ts')).readTables(source, marks, interest);
    case 'metric':
      return yield* (await import('./metric.ts')).readMetric(source, marks, interest);
    default:
      yield* readFiles(source, marks.filter(isFileMark), interest);
  }
}

/** What is followed; `marks` gives the checkpoint as it is now. */
export interface Following extends Omit<FollowedFiles, 'marks'> {
  readonly marks: () => readonly Mark[];
}

/** The same, and goes on. Null stands where that is all, for now. */
export async function* followSource(following: Following): AsyncGenerator<Reading | null> {
  const { source, marks, interest } = following;
  switch (source.format.kind) {
    case 'table':
      return yield* (await import('./table/table.ts')).followTables(source, marks, interest);
    case 'metric':
      return yield* (await import('./metric.ts')).followMetric(source, marks, interest);
    default:
      yield* followFiles({ ...following, marks: () => marks().filter(isFileMark) });
  }
}
