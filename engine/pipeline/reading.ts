import { setTimeout } from 'node:timers/promises';
import type { Scan } from '../plan/plan.ts';
import { type Known, openKnown } from '../source/known.ts';
import type { Reading, Source } from '../source/read.ts';
import { followSource, type Read } from '../source/source.ts';
import { interestOf, tableName, tablesOf } from '../store/pick/table.ts';
import type { Intake } from './intake.ts';
import type { RunOptions } from './options.ts';
import type { Places, SourcePlace } from './places.ts';
import { OpenPortion } from './portion.ts';
import type { Progress } from './progress.ts';

/** From one look at sources that bring nothing to the next, in ms. */
const BEAT = 200;

/** A look takes at most this part of a processor: where there are files by the thousand, looks are fewer. */
const LOOKING = 0.05;

/** What a run reads with, source by source. */
export interface Feeding {
  readonly intake: Intake;
  readonly options: RunOptions;
  readonly read: Read;
  /** What is known of the files of each source, by its name. */
  readonly known: ReadonlyMap<string, Known>;
  /** Ships what was committed, if it is time. */
  readonly ship: () => Promise<void>;
  /** Tells how far the run is. */
  readonly progress: (step: Progress['step']) => void;
}

/** One source, taken in piece by piece: says whether that was all, for now. */
type Feed = AsyncGenerator<boolean, void>;

/**
 * Takes in what is new in all sources and commits it batch by batch, in rounds: each source as far as it goes at the
 * time, one after the other, so that none keeps the others waiting. Without `follow` there is one round.
 *
 * Hands on control after the first round and after each that brought something; ends when all sources have, or at the
 * signal. Where a record can't be read or picked, or nobody wants to go on, the whole transactions so far are committed.
 */
export async function* readInRounds(places: Places, feeding: Feeding): AsyncGenerator<void> {
  const { intake, options } = feeding;
  const { signal } = options;
  const all = places.sources.map((place) => openFeed(place, feeding));
  let [open, before]: [readonly Feed[], number] = [all, -1];
  try {
    while (open.length > 0) {
      const started = process.cpuUsage();
      open = await takeTurns(open, feeding);
      const { user, system } = process.cpuUsage(started);
      if (signal?.aborted) return;
      const isNew = intake.total > before;
      if (isNew) yield;
      if (open.length > 0) await rest(isNew ? BEAT : Math.max(BEAT, (user + system) / 1000 / LOOKING), signal);
      before = intake.total;
    }
  } finally {
    for (const feed of all) await feed.return();
  }
}

/** A round; gives the feeds that may bring more. */
async function takeTurns(feeds: readonly Feed[], { options, ship, progress }: Feeding): Promise<readonly Feed[]> {
  const open: Feed[] = [];
  for (const feed of feeds) {
    for (;;) {
      const { done, value: isAll } = await feed.next();
      await ship();
      if (options.signal?.aborted) return feeds;
      if (done) break;
      progress('read');
      if (isAll) open.push(feed);
      if (isAll) break;
    }
  }
  return open;
}

async function* openFeed(place: SourcePlace, feeding: Feeding): Feed {
  const { intake, options } = feeding;
  const portion = new OpenPortion(intake, place.source, options);
  try {
    do {
      const readings = options.follow ? followedReadings(place, feeding) : newReadings(place, feeding);
      for await (const reading of readings) {
        if (reading) portion.take(reading);
        else portion.commit();
        yield reading === null;
      }
    } while (portion.isToRepeat);
  } finally {
    portion.commit();
  }
}

function newReadings(place: SourcePlace, { intake, read }: Feeding): AsyncGenerator<Reading> {
  const { name } = place.source;
  return read(sourceAt(place, intake.scans, intake.db.name), intake.marks(name), interestOf(intake.scans, name));
}

/** A source as it is read for scans of it, whose state is in that file. */
export function sourceAt({ source, path, query }: SourcePlace, scans: readonly Scan[], database: string): Source {
  const { format, mode, name } = source;
  const table = tableName(scans, name);
  const asked = { query, tables: tablesOf(scans, name) };
  if (format.kind !== 'metric') return { path, format, mode, table, asked };
  const keys = scans.filter((scan) => scan.source === name).map((scan) => scan.key);
  return { path: database, format, mode, table, asked, metric: source.metric && { name: source.metric.metric, keys } };
}

function followedReadings(place: SourcePlace, { intake, known }: Feeding): AsyncGenerator<Reading | null> {
  const { name } = place.source;
  return followSource({
    source: sourceAt(place, intake.scans, intake.db.name),
    marks: () => intake.marks(name),
    interest: interestOf(intake.scans, name),
    known: known.get(name) ?? openKnown(),
  });
}

/** The signal ends it early. */
async function rest(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await setTimeout(ms, undefined, signal ? { signal } : {}).catch(() => {});
}
