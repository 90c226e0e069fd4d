import type { ProposedColumn } from './columns.ts';
import { type Line, percent } from './line.ts';
import { lineScalar, scalar } from './scalar.ts';

/** What stands under `columns`. What was NULL in each row is a comment, unless nothing else is there. */
export function columnLines(columns: readonly ProposedColumn[]): readonly Line[] {
  const areAllEmpty = columns.every(isEmpty);
  return columns.map((column): Line => {
    const text = entryText(column);
    return [isEmpty(column) && !areAllEmpty ? `  # - ${text}` : `  - ${text}`, remarkOf(column)];
  });
}

function isEmpty({ filled, shown }: ProposedColumn): boolean {
  return filled === 0 || shown === 'null';
}

function entryText({ path, name, type }: ProposedColumn): string {
  if (name === null && type === null) return lineScalar(path);
  const own = name ?? path.slice(path.lastIndexOf('.') + 1);
  return `{ name: ${scalar(own)}, expr: ${scalar(path)}${type ? `, type: ${type}` : ''} }`;
}

function remarkOf(column: ProposedColumn): string {
  const { shown, filled, rows } = column;
  if (isEmpty(column)) return shown === 'null' ? 'always null' : `${shown}, always NULL`;
  return filled === null || filled === rows ? shown : `${shown}, ${percent(rows - filled, rows)} NULL`;
}
