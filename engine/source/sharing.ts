import { type Commit, headerOf, type Mark } from '../change.ts';
import { type Interest, wantedIn } from '../interest.ts';
import type { Item } from './format/decoder.ts';
import { inStep } from './in-step.ts';
import { isStream } from './place.ts';
import type { Reading, Source } from './read.ts';
import { type Read, readSource } from './source.ts';

/** Reads for several who go on side by side, so that what they read alike is read once. */
export interface Sharing {
  readonly read: Read;
  /** One of them has ended, and will not read any more. */
  readonly leave: () => void;
}

/** Somebody waits to read a source. */
interface Request {
  readonly source: Source;
  readonly marks: readonly Mark[];
  readonly interest: Interest;
  /** Equal ones are read alike. */
  readonly key: string;
  readonly isStream: boolean;
  readonly serve: (readings: AsyncGenerator<Reading>) => void;
}

/**
 * Each of so many readers waits until all of them wait or have ended; then one request is served, and with it all that
 * are like it: the same place and the same marks. The others come after it, so that one source is read at a time.
 */
export function openSharing(readers: number): Sharing {
  let busy = readers;
  let waiting: readonly Request[] = [];
  const serveNext = () => {
    const next = waiting.find((request) => !request.isStream) ?? waiting[0];
    if (busy > 0 || next === undefined) return;
    const alike = waiting.filter(({ key }) => key === next.key);
    waiting = waiting.filter(({ key }) => key !== next.key);
    busy = alike.length;
    const take = inStep(readFor(alike, next), alike.length);
    for (const { interest, serve } of alike) serve(alike.length === 1 ? take() : seenWith(interest, take()));
  };
  const leave = () => {
    busy--;
    serveNext();
  };
  return {
    async *read(source, marks, interest) {
      const isOnce = await isStream(source.path);
      yield* await new Promise<AsyncGenerator<Reading>>((serve) => {
        waiting = [...waiting, { source, marks, interest, key: keyOf(source, marks, isOnce), isStream: isOnce, serve }];
        leave();
      });
    },
    leave,
  };
}

/**
 * What the table is called, where a format has no names, is as the first of them calls it. What can be read once is served
 * last, when all are there who want it, and has no marks of its own. The marks say what of
 * a file is read, and in which order files are.
 */
function keyOf({ path, format, mode, asked, metric }: Source, marks: readonly Mark[], isOnce: boolean): string {
  // Of a database or a metric other things may be asked.
  const question = format.kind === 'table' || format.kind === 'metric' ? [asked, metric] : [];
  const key = [path, format, mode, question, isOnce ? [] : marks];
  return JSON.stringify(key, (_, value) => (typeof value === 'bigint' ? `${value}n` : value));
}

async function* readFor(alike: readonly Request[], { source, marks }: Request): AsyncGenerator<Reading> {
  const interest = alike.flatMap((request) => request.interest);
  for await (const reading of readSource(source, marks, interest)) yield { ...reading, mark: once(reading) };
}

/** All commit behind the same transactions mostly, and a mark digests what stands before it. */
function once(reading: Reading): Reading['mark'] {
  const marks = new Map<Commit, Mark | null>();
  return (commit) => {
    const mark = marks.get(commit);
    if (mark !== undefined) return mark;
    const made = reading.mark(commit);
    marks.set(commit, made);
    return made;
  };
}

/** What others read does not matter: a change that is bad for those who read its table is not bad for who does not. */
async function* seenWith(interest: Interest, readings: AsyncGenerator<Reading>): AsyncGenerator<Reading> {
  for await (const reading of readings) {
    const isAll = !reading.items.some((item) => item.op === 'bad' && item.unread);
    yield isAll ? reading : { ...reading, items: reading.items.map((item) => itemFor(interest, item)) };
  }
}

function itemFor(interest: Interest, item: Item): Item {
  if (item.op !== 'bad' || item.unread === null) return item;
  const { schema, table } = headerOf(item.unread);
  return wantedIn(interest, schema, table) === null ? item.unread : item;
}
