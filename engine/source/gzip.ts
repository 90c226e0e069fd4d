import type { Buffer } from 'node:buffer';
import { once } from 'node:events';
import type { Gunzip } from 'node:zlib';
import { fail } from '../diagnostic/diagnostic.ts';

/** Compressed bytes given at once: a thousand times as many may come out, and they stand in memory together. */
const PORTION = 1 << 16;

/** Bytes handed out at once. */
const STRETCH = 1 << 18;

/** Whether a file that starts so is gzip (RFC 1952, 2.3.1). */
export function isGzip(first: Uint8Array): boolean {
  return first[0] === 0x1f && first[1] === 0x8b;
}

/** What gzip holds, several members one after another included. Everything before a failure is handed out first. */
export async function* unzipped(file: string, zipped: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const { createGunzip } = await import('node:zlib');
  const gunzip = createGunzip({ chunkSize: STRETCH });
  // Not read as a stream: a stream that fails drops what it has not handed out.
  const out: Buffer[] = [];
  gunzip.on('data', (bytes: Buffer) => out.push(bytes));
  // Whoever waits for it is told as well; this is for an error that nobody waits for.
  gunzip.on('error', () => {});
  try {
    for await (const portion of portions(zipped)) {
      await give(gunzip, portion);
      yield* out.splice(0);
    }
    const ended = once(gunzip, 'end');
    gunzip.end();
    await ended;
    yield* out.splice(0);
  } catch (error) {
    yield* out.splice(0);
    failUnzipping(error, file);
  } finally {
    gunzip.destroy();
  }
}

async function* portions(zipped: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  for await (const bytes of zipped) {
    for (let at = 0; at < bytes.length; at += PORTION) yield bytes.subarray(at, at + PORTION);
  }
}

function give(gunzip: Gunzip, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    // Bytes that can't be unzipped are never called back for.
    gunzip.once('error', reject);
    gunzip.write(bytes, (error) => {
      gunzip.off('error', reject);
      if (error) reject(error);
      else resolve();
    });
  });
}

function failUnzipping(error: unknown, file: string): never {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!(error instanceof Error) || !code.startsWith('Z_')) throw error;
  const where = { data: { file } };
  if (code === 'Z_BUF_ERROR') fail('TRUNCATED_INPUT', { part: 'gzip' }, where);
  fail('NOT_GZIP', { reason: error.message }, where);
}
