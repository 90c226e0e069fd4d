/** A thread that decodes a file, and digests it, as far ahead as there is room. */
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '../../diagnostic/diagnostic.ts';
import { blockDigest } from '../block.ts';
import { failureOf, type Order, type Report } from './ahead.ts';
import { decode, type Task } from './decode.ts';
import { Packer } from './packer.ts';

invariant(parentPort, 'it is a thread of somebody');
const [port, packer] = [parentPort, new Packer()];
let [room, isWanted] = [0, true];

port.on('message', (order: Order) => {
  if (order === 'end') isWanted = false;
  else room += order.more;
});

async function decodeAll(task: Task): Promise<void> {
  for await (const { bytes, items, shape, error } of decode(task)) {
    while (isWanted && room === 0) await once(port, 'message');
    if (!isWanted) return;
    room--;
    const packed = packer.pack(items);
    const failure = error === null ? null : failureOf(error);
    report({ bytes, digest: blockDigest(bytes), packed, shape, error: failure }, [packed.numbers.buffer]);
  }
}

function report(report: Report, moved: readonly ArrayBuffer[] = []): void {
  port.postMessage(report, moved);
}

try {
  await decodeAll(workerData);
  report('end');
} catch (error) {
  report({ failure: failureOf(error) });
} finally {
  port.close();
}
