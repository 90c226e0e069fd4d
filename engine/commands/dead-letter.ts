import { Buffer } from 'node:buffer';
import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import type { Value } from '../change.ts';
import { fail } from '../diagnostic/diagnostic.ts';
import { systemReason } from '../diagnostic/system.ts';
import type { DeadLetter, RejectedRow } from '../pipeline/rejections.ts';

/**
 * Makes what appends transactions that are left out, and rows that are rejected, to a file, one JSON line each, on disk when the call returns.
 *
 * The file is made by the first one. Throws an EtlError where it can't be written.
 */
export function openDeadLetters(path: string): (letter: DeadLetter | RejectedRow) => void {
  return (letter) => {
    try {
      append(path, `${JSON.stringify('raw' in letter ? lineOf(letter) : lineOfRow(letter))}\n`);
    } catch (error) {
      fail('DEAD_LETTER_NOT_WRITTEN', { path, reason: systemReason(error) });
    }
  };
}

function append(path: string, line: string): void {
  const file = openSync(path, 'a+');
  try {
    writeSync(file, endsInLine(file) ? line : `\n${line}`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** A process that was killed may have left half a line. */
function endsInLine(file: number): boolean {
  const { size } = fstatSync(file);
  const last = Buffer.alloc(1);
  return size === 0 || (readSync(file, last, 0, 1, size - 1) === 1 && last.toString() === '\n');
}

/** A row's numbers may be longer than those of JSON's readers: all values are texts, bytes in hex, and NULL null. */
function lineOfRow({ row, ...letter }: RejectedRow): object {
  return { ...letter, row: Object.fromEntries(Object.entries(row).map(([name, value]) => [name, textOf(value)])) };
}

function textOf(value: Value): string | null {
  if (value === null) return null;
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value);
}

/** The transaction as text; in base64 where its bytes are none. */
function lineOf({ raw, ...letter }: DeadLetter): object {
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    // What is cut off behind the first megabyte may be half a character.
    return { ...letter, raw: decoder.decode(raw, { stream: raw.length < letter.bytes }) };
  } catch {
    return { ...letter, raw: raw.toString('base64'), encoding: 'base64' };
  }
}
