import type { Tree } from '../why/tree.ts';
import { cellsText, placeText, rowText } from './row-text.ts';
import { stopText } from './stop-text.ts';

/** A row and below it those that it was joined with, each with what is read of it and the record that last wrote it. */
export function treeLines({ alias, row, stop, joined }: Tree): readonly string[] {
  const below = joined.flatMap(treeLines).map((line) => `  ${line}`);
  if (!row) return [`${alias}   none: ${stop ? stopText(stop) : ''}`, ...below];
  const others = row.key.length > 0 ? row.columns : [];
  const reads = others.length > 0 ? [`    ${cellsText(others)}`] : [];
  return [`${rowText(row)}   ${placeText(row.at)}`, ...reads, ...below];
}
