import type { Interest, Position } from '../../../change.ts';
import { invariant } from '../../../diagnostic/diagnostic.ts';
import type { Decoder, Item, Start } from '../decoder.ts';
import { decodeChange } from './change.ts';
import { frame, type Piece } from './frame.ts';
import { type Input, openInput } from './input.ts';
import { openShapes } from './shape.ts';
import { readText } from './text.ts';
import { failRecord, failSecondChange, readHead, readTail } from './transaction.ts';

/** Reads what wal2json writes: version 1, inserts. */
export function openWal2json(file: string, start: Start, interest: Interest): Decoder {
  const input = openInput(file, start);
  const pieces = frame(input);
  const decode = openPieces(input, interest);

  function* items(): Generator<Item> {
    for (let next = pieces.next(); !next.done && next.value !== null; next = pieces.next()) yield* decode(next.value);
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

function openPieces(input: Input, interest: Interest): (piece: Piece) => Generator<Item> {
  const shapes = openShapes(interest);
  /** The transaction in hand, between its head and its tail. */
  let open: { readonly lsn: bigint | null } | null = null;

  return function* decode({ kind, bytes, offset }) {
    const at: Position = { file: input.file, record: input.records + 1, offset, lsn: open?.lsn ?? null };
    switch (kind) {
      case 'head':
        if (open !== null) failSecondChange(at);
        open = { lsn: readHead(bytes, at) };
        return;
      case 'change': {
        const change = decodeChange(bytes, at, shapes);
        if (change !== null) yield change;
        return;
      }
      case 'tail':
        yield readTail(bytes, at);
        open = null;
        return;
      case 'record':
        failRecord(readText(bytes, at));
    }
  };
}
