/**
 * The fast way through a log: records of version 1 whose changes are all like one that was read before.
 *
 * It takes nothing of which it is not certain, and hands out what the careful way would. Everything unusual is left to
 * that one: a record that goes over the end of the stretch, a new header, odd white space, what is no UTF-8, any mistake.
 */
import { Buffer } from 'node:buffer';
import { EtlError } from '../../../diagnostic/diagnostic.ts';
import type { Item } from '../decoder.ts';
import { CLOSE_ARRAY, CLOSE_OBJECT, COMMA, type Input, OPEN_OBJECT } from '../input.ts';
import { skipSpace } from './scan.ts';
import type { Templates } from './template.ts';
import { readHead } from './transaction.ts';
import { isText } from './utf8.ts';

/** Takes records from the next byte on, at which one starts; leaves the input behind the last one that it took. */
export type Express = (input: Input) => readonly Item[];

/** What stands before the changes: members without brackets and escapes, so that its last bytes are certain to be its own. */
const HEAD = /^\{(?:\s*"\w+"\s*:\s*(?:"[^"\\]*"|-?\d+|true|false|null)\s*,)*\s*"change"\s*:\s*\[/;
const LONGEST_HEAD = 400;

interface Head {
  readonly bytes: Buffer;
  readonly lsn: bigint | null;
}

export function openExpress(templates: Templates): Express {
  let checked: Buffer | null = null;
  let isWhole = false;
  let head: Head = { bytes: Buffer.from('{"change":['), lsn: null };

  function take(input: Input): readonly Item[] {
    const items: Item[] = [];
    for (let at = input.at; at >= 0; at = nextRecord(input)) {
      const end = takeRecord(input, at, items);
      if (end < 0) return items;
      input.at = end;
      input.records++;
    }
    return items;
  }

  /** Where the record ends; -1, and nothing taken, where it is not like others before. */
  function takeRecord(input: Input, start: number, items: Item[]): number {
    const { bytes, file, before } = input;
    const taken = items.length;
    const record = input.records + 1;
    const found = headAt(input, start, head);
    if (found === null) return -1;
    head = found;
    const { lsn } = head;
    let at = skipSpace(bytes, start + head.bytes.length);
    while (bytes[at] !== CLOSE_ARRAY) {
      const end = templates.match(bytes, at);
      if (end < 0) return undo(items, taken);
      items.push(templates.change(bytes, { file, record, offset: before + at, lsn }));
      at = nextChange(bytes, end);
      if (at < 0) return undo(items, taken);
    }
    at = skipSpace(bytes, at + 1);
    if (bytes[at] !== CLOSE_OBJECT) return undo(items, taken);
    items.push({ op: 'commit', from: before + start, offset: before + at + 1, records: record, lsn });
    return at + 1;
  }

  return (input) => {
    if (checked !== input.bytes) {
      checked = input.bytes;
      isWhole = isText(input.bytes.subarray(input.at));
    }
    return isWhole ? take(input) : [];
  };
}

function undo(items: Item[], taken: number): -1 {
  items.length = taken;
  return -1;
}

/** The next record behind the one that was taken; -1 where there is none in this stretch. */
function nextRecord({ bytes, at: behind, shape }: Input): number {
  let at = skipSpace(bytes, behind);
  if (shape === 'array') {
    if (bytes[at] !== COMMA) return -1;
    at = skipSpace(bytes, at + 1);
  }
  return bytes[at] === OPEN_OBJECT ? at : -1;
}

/** The next change of a record, or the end of its changes; -1 where neither follows. */
function nextChange(bytes: Buffer, behind: number): number {
  const at = skipSpace(bytes, behind);
  if (bytes[at] === CLOSE_ARRAY) return at;
  if (bytes[at] !== COMMA) return -1;
  const next = skipSpace(bytes, at + 1);
  return bytes[next] === OPEN_OBJECT ? next : -1;
}

/** The head of a record. Where it is the last one's, as it is without the options of wal2json, it is not read again. */
function headAt({ bytes, file, records, before }: Input, start: number, last: Head): Head | null {
  const end = start + last.bytes.length;
  if (end <= bytes.length && bytes.compare(last.bytes, 0, last.bytes.length, start, end) === 0) return last;
  const [text] = HEAD.exec(bytes.toString('latin1', start, start + LONGEST_HEAD)) ?? [];
  if (text === undefined) return null;
  const head = Buffer.from(text, 'latin1');
  try {
    return { bytes: head, lsn: readHead(head, { file, record: records + 1, offset: before + start, lsn: null }) };
  } catch (error) {
    if (error instanceof EtlError) return null;
    throw error;
  }
}
