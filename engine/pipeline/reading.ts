import { scansOf } from '../plan/compile.ts';
import { readSource } from '../source/read.ts';
import { interestOf } from '../store/table.ts';
import type { RunOptions } from './options.ts';
import type { Places, SourcePlace } from './places.ts';
import { OpenPortion } from './portion.ts';
import type { Session } from './session.ts';

/** Reads what is new in all sources, one after the other, and commits it batch by batch. */
export async function readSources(session: Session, places: Places, options: RunOptions): Promise<void> {
  for (const place of places.sources) {
    const portion = new OpenPortion(session, place.source.name, options);
    for await (const _ of readOne(session, place, portion)) {
      options.onProgress?.(session.tally.total(), places.bytes);
      if (options.signal?.aborted) return;
    }
  }
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
