/** The thread of a scout: digests and looks at the stretches of one file, one after the other. */
import { Buffer } from 'node:buffer';
import { parentPort } from 'node:worker_threads';
import { blockDigest } from './block.ts';
import { openScout } from './format/wal2json/scout.ts';
import type { Found, Order } from './scout.ts';

const scout = openScout();

parentPort?.on('message', (order: Order) => {
  if ('lesson' in order) return scout.learn(order.lesson);
  const bytes = Buffer.from(order.bytes.buffer, order.bytes.byteOffset, order.bytes.length);
  const found: Found = { digest: blockDigest(bytes), hints: scout.look(bytes) };
  parentPort?.postMessage(found, [found.hints.buffer]);
});
