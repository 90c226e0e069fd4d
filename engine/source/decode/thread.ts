/** A thread that decodes a file, and digests it, as far ahead as there is room. */
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '../../diagnostic/diagnostic.ts';
import { BLOCK, blockDigest } from '../block.ts';
import { failureOf, type Order, type Report, weigh } from './ahead.ts';
import { type Decoded, decode, type Task } from './decode.ts';
import { Packer } from './packer.ts';

invariant(parentPort, 'it is a thread of somebody');
const [port, packer] = [parentPort, new Packer()];
let room = 0;

port.on('message', ({ more }: Order) => {
  room += more;
});

async function decodeAll(task: Task): Promise<void> {
  for await (const decoded of decode(task)) {
    while (room <= 0) await once(port, 'message');
    report(decoded);
    // Of an error that nobody expects, the thread dies.
    if (decoded.error !== null && failureOf(decoded.error) === null) throw decoded.error;
  }
}

function report({ bytes, items, shape, error }: Decoded): void {
  const packed = packer.pack(items);
  const isShared = bytes.buffer instanceof SharedArrayBuffer;
  // What is not shared is copied, and with all that stands around it.
  const stretch = isShared ? bytes : Uint8Array.from(bytes);
  const digest = bytes.length === BLOCK ? blockDigest(bytes) : null;
  const found = { bytes: stretch, digest, packed, shape, error: failureOf(error) };
  room -= weigh(found);
  send(found, [packed.numbers.buffer, ...(isShared ? [] : [stretch.buffer as ArrayBuffer])]);
}

function send(report: Report, moved: readonly ArrayBuffer[] = []): void {
  port.postMessage(report, moved);
}

try {
  await decodeAll(workerData);
  send('end');
} catch (error) {
  const failure = failureOf(error);
  if (failure === null) throw error;
  send({ failure });
} finally {
  port.close();
}
