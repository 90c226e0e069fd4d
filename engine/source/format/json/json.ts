/**
 * Reads documents of JSON: one array of them, one a line, or one after another in any layout. Every document is a
 * transaction of one change.
 */
import type { Commit, Position } from '../../../change.ts';
import { EtlError, invariant } from '../../../diagnostic/diagnostic.ts';
import type { JsonFormat } from '../../../mapping/format.ts';
import type { Decoder, Item, Opening } from '../decoder.ts';
import { type Input, keep, OPEN_OBJECT, offsetOf, openInput, take } from '../input.ts';
import { type Framed, records } from '../records.ts';
import { failTruncated, kindOfValue } from '../refuse.ts';
import { skipValue } from '../skip.ts';
import { type Documents, openDocuments } from './document.ts';

/** The bytes of a record, and those of the file before them. */
interface Framing {
  readonly bytes: Buffer;
  readonly offset: number;
}

export function openJson({ file, start, interest, table }: Opening, format: JsonFormat): Decoder {
  const input = openInput(file, start);
  const documents = openDocuments(format, table, interest);
  const found = records(input, () => document(input));

  function* items(): Generator<Item> {
    for (let next = found.next(); !next.done && next.value !== null; next = found.next())
      yield* itemsOf(input, documents, next.value);
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

/** A record, which is to be an object; any other value is handed out too, for where it ends is certain. */
function* document(input: Input): Framed<Framing> {
  const offset = offsetOf(input);
  if (input.bytes[input.at] === undefined) failTruncated(input);
  if (input.bytes[input.at] !== OPEN_OBJECT) kindOfValue(input);
  input.recordStart = offset;
  keep(input);
  yield* skipValue(input);
  yield { bytes: take(input), offset };
  input.records++;
  input.recordStart = null;
}

function itemsOf(input: Input, documents: Documents, { bytes, offset }: Framing): readonly Item[] {
  const at: Position = { file: input.file, record: input.records + 1, offset, lsn: null };
  const end = offset + bytes.length;
  const commit: Commit = { op: 'commit', from: offset, offset: end, records: at.record, lsn: null };
  try {
    return [documents.changeIn(bytes, at), commit];
  } catch (error) {
    if (!(error instanceof EtlError)) throw error;
    return [
      ...error.diagnostics.map(
        (diagnostic) => ({ op: 'bad', diagnostic, at, size: bytes.length, unread: null }) as const,
      ),
      commit,
    ];
  }
}
