import { Buffer } from 'node:buffer';
import { on } from 'node:events';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type Diagnostic, EtlError, invariant } from '../../diagnostic/diagnostic.ts';
import { FileMoved } from '../file.ts';
import { type Decoded, decode, type Task } from './decode.ts';
import type { Packed } from './packed.ts';
import { Unpacker } from './unpacker.ts';
import { WORTH_IT } from './worth.ts';

/** What the thread is told: for how many bytes more there is room. */
export interface Order {
  readonly more: number;
}

/** What comes from the thread: a stretch, why the file can't be read any more, or that all has come. */
export type Report = Found | { readonly failure: Failure } | 'end';

/** What the thread makes of a stretch. */
interface Found extends Pick<Decoded, 'digest' | 'shape'> {
  readonly bytes: Uint8Array;
  readonly packed: Packed;
  readonly error: Failure | null;
}

/** An error as it goes from thread to thread, on the way of which it is of no class any more. */
export type Failure = readonly Diagnostic[] | 'moved';

/** Bytes it is ahead, give or take a stretch: of a log as many as come while a batch is committed. */
const AHEAD = 20 << 20;

/** It is told of room for so many bytes at once. To wake it takes time. */
const TOGETHER = AHEAD / 4;

/** What it makes it hands over at once: half of V8's young generation is as fast, a quarter is not. In MiB. */
const YOUNG = 24;

/** Built beside the engine. Where that runs as it is written, there is none. */
const THREAD = new URL('./decode-thread.js', import.meta.url);

/** Decodes in a thread of its own, ahead of whoever takes it, where the bytes are enough for that and there is a processor. */
export function decodeWherePays(task: Task, bytes: number): AsyncGenerator<Decoded> {
  const pays = bytes >= WORTH_IT && availableParallelism() > 1 && existsSync(fileURLToPath(THREAD));
  return pays ? decodeAhead(task) : decode(task);
}

async function* decodeAhead(task: Task): AsyncGenerator<Decoded> {
  const worker = new Worker(THREAD, { workerData: task, resourceLimits: { maxYoungGenerationSizeMb: YOUNG } });
  // Who takes stretches is told of it. Behind the last one it is too late to matter.
  worker.on('error', () => {});
  const order = (order: Order) => worker.postMessage(order);
  try {
    order({ more: AHEAD });
    const [unpacker, reports] = [new Unpacker(task.path), on(worker, 'message', { close: ['exit'] })];
    let taken = 0;
    for await (const [report] of reports as AsyncIterable<[Report]>) {
      if (report === 'end') return;
      if ('failure' in report) throw errorOf(report.failure);
      yield decodedOf(report, unpacker);
      taken += weigh(report);
      if (taken < TOGETHER) continue;
      order({ more: taken });
      taken = 0;
    }
    invariant(false, 'a thread says where the file ends');
  } finally {
    await worker.terminate();
  }
}

/** Bytes that it takes in memory, about. */
export function weigh({ bytes, packed }: Pick<Found, 'bytes' | 'packed'>): number {
  return bytes.length + packed.numbers.byteLength + packed.narrow.length + 2 * packed.wide.length;
}

function decodedOf({ bytes, digest, packed, shape, error }: Found, unpacker: Unpacker): Decoded {
  return {
    bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
    digest,
    items: unpacker.unpack(packed),
    shape,
    error: error && errorOf(error),
  };
}

/** Null of none, and of an error that nobody expects. */
export function failureOf(error: unknown): Failure | null {
  if (error instanceof FileMoved) return 'moved';
  return error instanceof EtlError ? error.diagnostics : null;
}

function errorOf(failure: Failure): Error {
  return failure === 'moved' ? new FileMoved() : new EtlError(failure);
}
