import type { Buffer } from 'node:buffer';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Hints } from './format/decoder.ts';
import type { Pattern } from './format/wal2json/pattern.ts';

/** What is asked of the thread: to look at the next stretch, or to learn. */
export type Order = { readonly bytes: Uint8Array<SharedArrayBuffer> } | { readonly lesson: Pattern };

/** What it found in a stretch. */
export interface Found {
  /** As of a whole block. */
  readonly digest: Uint8Array;
  readonly hints: Hints;
}

/** A stretch of a file, with what a scout found in it; null where none went ahead. */
export interface Scouted {
  readonly bytes: Buffer;
  readonly found: Found | null;
}

/** From so many bytes on a thread is worth its start, measured on two cores. */
const WORTH_IT = 32 << 20;

/** Stretches it is ahead at most: they stand in memory. */
const AHEAD = 3;

/** Built beside the engine. Where that runs as it is written, there is none. */
const THREAD = new URL('./scout-thread.js', import.meta.url);

/** Goes ahead of whoever reads a file. */
export interface Vanguard {
  /** The same stretches, each when it was looked at. */
  ahead(stretches: AsyncIterable<Buffer>): AsyncGenerator<Scouted>;
  learn(lessons: readonly unknown[]): void;
}

/** None where a file is too small for it, or the machine has one processor only. */
export function openVanguard(bytes: number): Vanguard {
  const pays = bytes >= WORTH_IT && availableParallelism() > 1 && existsSync(fileURLToPath(THREAD));
  return pays ? new ScoutThread() : ALONE;
}

const ALONE: Vanguard = {
  async *ahead(stretches) {
    for await (const bytes of stretches) yield { bytes, found: null };
  },
  learn() {},
};

class ScoutThread implements Vanguard {
  readonly #worker = new Worker(THREAD);
  /** Who waits for what it finds, in the order of the stretches. */
  readonly #waiting: { readonly found: (found: Found) => void; readonly failed: (error: unknown) => void }[] = [];

  constructor() {
    this.#worker.on('message', (found: Found) => this.#waiting.shift()?.found(found));
    this.#worker.on('error', (error) => {
      for (const { failed } of this.#waiting.splice(0)) failed(error);
    });
  }

  async *ahead(stretches: AsyncIterable<Buffer>): AsyncGenerator<Scouted> {
    const queue: { readonly bytes: Buffer; readonly found: Promise<Found> }[] = [];
    try {
      for await (const bytes of stretches) {
        queue.push({ bytes, found: this.#look(bytes) });
        const first = queue.length > AHEAD ? queue.shift() : undefined;
        if (first) yield { bytes: first.bytes, found: await first.found };
      }
      for (const { bytes, found } of queue) yield { bytes, found: await found };
    } finally {
      await this.#worker.terminate();
    }
  }

  learn(lessons: readonly unknown[]): void {
    for (const lesson of lessons) this.#order({ lesson: lesson as Pattern });
  }

  #look(bytes: Buffer): Promise<Found> {
    const found = new Promise<Found>((found, failed) => this.#waiting.push({ found, failed }));
    found.catch(() => {});
    this.#order({ bytes: bytes as Uint8Array<SharedArrayBuffer> });
    return found;
  }

  #order(order: Order): void {
    this.#worker.postMessage(order);
  }
}
