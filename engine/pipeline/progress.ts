import { isFileMark } from '../change.ts';
import { hasRecords } from '../mapping/format.ts';
import type { Places } from './places.ts';
import type { Session } from './session.ts';

/** How far a run is. */
export interface Progress {
  readonly metric: string;
  /** After all was read for the first time, the metric is derived at once, which may last. */
  readonly step: 'read' | 'derive';
  /** Bytes and changes that this run has read. */
  readonly bytes: number;
  readonly changes: number;
  /** Bytes there are to be read; null where nobody knows: of a stream, of gzip, of a database. */
  readonly total: number | null;
}

/** What says how far a run is. What there is to be read is all that the files had when the run began, behind the checkpoint. */
export function measuring(places: Places, session: Session): (step: Progress['step']) => Progress {
  const total = bytesToRead(places, session);
  const { plan, tally } = session;
  return (step) => {
    const bytes = tally.total();
    // What is read of gzip, whatever its name, is more than what stands on disk.
    const known = total !== null && bytes <= total ? total : null;
    return { metric: plan.metric, step, bytes, changes: tally.changes(), total: known };
  };
}

function bytesToRead({ sources, files }: Places, session: Session): number | null {
  const read = new Map<string, number>();
  for (const { source } of sources) {
    for (const mark of session.marks(source.name).filter(isFileMark)) read.set(mark.path, mark.bytes);
  }
  const left = files.map(({ path, bytes }) => bytes && Math.max(0, bytes - (read.get(path) ?? 0)));
  const isKnown = left.length > 0 && sources.every(({ source }) => hasRecords(source.format));
  return isKnown && !left.includes(null) ? left.reduce((sum: number, each) => sum + (each ?? 0), 0) : null;
}
