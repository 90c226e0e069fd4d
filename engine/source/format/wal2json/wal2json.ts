import { invariant } from '../../../diagnostic/diagnostic.ts';
import type { Interest } from '../../../interest.ts';
import type { Decoder, Item, Start } from '../decoder.ts';
import { openInput } from '../input.ts';
import { openExpress } from './express.ts';
import { frame } from './frame.ts';
import { checkEnded, itemsOf, openLog } from './items.ts';
import { Templates } from './template.ts';

/** Reads what wal2json writes: version 1 and version 2, in any layout of their records. */
export function openWal2json(file: string, start: Start, interest: Interest, templates = new Templates()): Decoder {
  const input = openInput(file, start);
  const log = openLog(input, interest, templates);
  const express = openExpress(templates);
  // Inside of a transaction of version 2 a record of version 1 is a mistake, which is not the express's to find.
  const pieces = frame(input, () => (log.open === null ? express(input) : []));

  function* items(): Generator<Item> {
    for (let next = pieces.next(); next.value !== null; next = pieces.next()) {
      if (next.done) return checkEnded(log);
      // Not by `yield*`, which asks a list for each of its items as it would ask another generator.
      for (const item of itemsOf(log, next.value)) yield item;
    }
  }
  return {
    push(bytes) {
      input.bytes = bytes;
      return items();
    },
    finish() {
      input.last = true;
      return items();
    },
    get shape() {
      invariant(input.shape !== null, 'a file has a shape as soon as it has a record');
      return input.shape;
    },
  };
}
