import { closeSync, openSync, readSync } from 'node:fs';

const CHUNK = 1 << 20;
const NEWLINE = 10;

/**
 * The lines of a file, decoded one by one.
 *
 * @param {string} file
 * @param {(line: string) => void} take
 */
export function eachLine(file, take) {
  const descriptor = openSync(file, 'r');
  let buffer = Buffer.allocUnsafe(CHUNK);
  let held = 0;
  for (;;) {
    if (held === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafe(buffer.length)]);
    const read = readSync(descriptor, buffer, held, buffer.length - held, null);
    if (read === 0) break;
    const end = held + read;
    let start = 0;
    for (let at = buffer.indexOf(NEWLINE, held); at !== -1 && at < end; at = buffer.indexOf(NEWLINE, start)) {
      take(buffer.utf8Slice(start, at));
      start = at + 1;
    }
    buffer.copyWithin(0, start, end);
    held = end - start;
  }
  closeSync(descriptor);
  if (held > 0) take(buffer.utf8Slice(0, held));
}
