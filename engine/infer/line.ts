import { comment } from './scalar.ts';

/** A line of a mapping, and what is said about it. */
export type Line = readonly [text: string, remark: string];

/** Longer lines do not move the remarks of the others. */
const WIDEST = 90;

/** The lines with their remarks one below the other. */
export function aligned(lines: readonly Line[]): readonly string[] {
  const widths = lines.map(([text]) => text.length).filter((width) => width <= WIDEST);
  const widest = Math.max(0, ...widths);
  return lines.map(([text, remark]) => (remark === '' ? text : `${text.padEnd(widest)}  # ${comment(remark)}`));
}

/** How many of all that is, rounded down, so that 100% are all of them. */
export function percent(part: number, all: number): string {
  const whole = Math.floor((100 * part) / Math.max(1, all));
  return part > 0 && whole === 0 ? 'under 1%' : `${whole}%`;
}
