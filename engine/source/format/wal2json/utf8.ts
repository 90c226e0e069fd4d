import { type Buffer, isUtf8 } from 'node:buffer';

/** Whether a stretch of a file is UTF-8, but for characters that began in the one before or go on in the next. */
export function isText(stretch: Buffer): boolean {
  const { length } = stretch;
  let [start, end] = [0, length];
  while (start < 3 && isContinuation(stretch[start])) start++;
  while (end > length - 4 && isContinuation(stretch[end - 1])) end--;
  const isCutOff = end > start && (stretch[end - 1] as number) >= 0xc0;
  return isUtf8(stretch.subarray(start, isCutOff ? end - 1 : length));
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
