import type { Change, Commit, FileMark } from '../change.ts';
import { scansOf } from '../plan/compile.ts';
import { type Reading, readSource } from '../source/read.ts';
import { Batch } from '../store/batch.ts';
import { picking } from '../store/pick.ts';
import { interestOf } from '../store/table.ts';
import type { Reached } from './commit.ts';
import type { RunOptions } from './options.ts';
import type { Places, SourcePlace } from './places.ts';
import type { ReadCount } from './result.ts';
import type { Session } from './session.ts';
import { openTally, type Tally } from './tally.ts';

/** Changes after which a batch ends where nothing else is said. */
const BATCH_SIZE = 10_000;

/** Reads what is new in all sources, one after the other, and commits it batch by batch. */
export async function readSources(session: Session, places: Places, options: RunOptions): Promise<ReadCount> {
  const tally = openTally();
  for (const place of places.sources) {
    const portion = openPortion(session, place.source.name, options.batchSize ?? BATCH_SIZE, tally);
    for await (const _ of readOne(session, place, portion)) {
      options.onProgress?.(tally.total(), places.bytes);
      if (options.signal?.aborted) return tally.result();
    }
  }
  return tally.result();
}

/**
 * Hands on control after each reading. Where a record can't be read or picked, or nobody wants to go on, the whole
 * transactions so far are committed.
 */
async function* readOne(session: Session, { source, path }: SourcePlace, portion: OpenPortion): AsyncGenerator<void> {
  const interest = interestOf(scansOf(session.plan), source.name);
  const place = { path, format: source.format, mode: source.mode };
  try {
    for await (const reading of readSource(place, session.marks(source.name), interest)) {
      portion.take(reading);
      yield;
    }
  } finally {
    portion.commit();
  }
}

interface OpenPortion {
  /** Takes over what was read, and commits whenever the batch is full. */
  readonly take: (reading: Reading) => void;
  /** Commits the whole transactions that were taken. */
  readonly commit: () => void;
}

/** What is read of a source since the last commit. Marks are those behind the last whole transaction of each file. */
function openPortion(session: Session, source: string, batchSize: number, tally: Tally): OpenPortion {
  const add = adding(session, source, tally);
  const batch = new Batch(session.db, batchSize);
  const marks = new Map<string, FileMark>();
  const renamed = new Map<string, string>();
  let reached: Reached | null = null;
  let failing = false;
  const mark = (found: FileMark | null): void => {
    if (found) marks.set(found.path, found);
  };
  const commit = (): void => {
    // What can't be committed is not tried a second time on the way out.
    if (failing || batch.transactions + marks.size + renamed.size === 0) return;
    failing = true;
    session.commit({ source, batch, marks: [...marks.values()], renamed, reached });
    failing = false;
    batch.clear();
    marks.clear();
    renamed.clear();
  };
  const take = (reading: Reading): void => {
    tally.bytes(reading.file, reading.bytes);
    for (const [from, to] of reading.renamed) renamed.set(from, to);
    let last: Commit | null = null;
    try {
      for (const item of reading.items) {
        if (item.op !== 'commit') {
          add(batch, item);
          continue;
        }
        batch.end();
        last = item;
        reached = { file: reading.file, records: item.records };
        if (!batch.full) continue;
        mark(reading.mark(item));
        last = null;
        commit();
      }
    } finally {
      if (last) mark(reading.mark(last));
    }
    for (const found of reading.marks) mark(found);
  };
  return { take, commit };
}

/** Picks what the relations keep of a change, and counts it. */
function adding({ state }: Session, source: string, tally: Tally): (batch: Batch, change: Change) => void {
  const pick = picking(state.relations, source, nowText());
  return (batch, change) => {
    const rows = pick(change);
    for (const row of rows) batch.add(row);
    tally.change(change, rows.length > 0);
  };
}

/** Now, as PostgreSQL writes a timestamptz in UTC. */
function nowText(): string {
  return `${new Date().toISOString().replace('T', ' ').replace('Z', '')}+00`;
}
