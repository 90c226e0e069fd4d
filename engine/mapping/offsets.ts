import type { ScalarNode } from './node.ts';

/**
 * From an offset in the text of a scalar to the offset in the file.
 *
 * YAML folds lines, indents, quotes and escapes, but the characters that are not blank stand in the file in the order of
 * the text. So the n-th of the one is the n-th of the other, and a blank stands right behind what is before it.
 */
export function offsetsOf(scalar: ScalarNode): (offset: number) => number {
  const { text, span } = scalar;
  const written = unitsOf(scalar).filter((unit) => !isBlank(unit.character));
  const starts: number[] = [];
  let next = 0;
  let behind = written[0]?.start ?? 0;
  for (const character of text.split('')) {
    const unit = isBlank(character) ? undefined : written[next++];
    starts.push(unit?.start ?? behind);
    behind = unit?.end ?? behind;
  }
  return (offset) => span.start + (starts[offset] ?? behind);
}

/** A character of the text, and the range of `source` that says it. */
interface Unit {
  readonly character: string;
  readonly start: number;
  readonly end: number;
}

function unitsOf({ source, style }: ScalarNode): Unit[] {
  switch (style) {
    case 'plain':
      return unitsBetween(source, 0, source.length, ONE_CHARACTER);
    case 'block':
      // The first line is the header: `|`, `>-`, perhaps a comment.
      return unitsBetween(source, source.indexOf('\n') + 1, source.length, ONE_CHARACTER);
    case 'single':
      return unitsBetween(source, 1, source.length - 1, SINGLE_QUOTED);
    case 'double':
      return unitsBetween(source, 1, source.length - 1, DOUBLE_QUOTED);
    default:
      return style satisfies never;
  }
}

const ONE_CHARACTER = /./gs;
const SINGLE_QUOTED = /''|./gs;
const DOUBLE_QUOTED = /\\x[\da-fA-F]{2}|\\u[\da-fA-F]{4}|\\U[\da-fA-F]{8}|\\.|./gs;

/** An escape that says two UTF-16 units gives two with one range. */
function unitsBetween(source: string, from: number, to: number, unit: RegExp): Unit[] {
  return Array.from(source.slice(from, to).matchAll(unit)).flatMap(({ 0: written, index }) => {
    const range = { start: from + index, end: from + index + written.length };
    return said(written).map((character) => ({ character, ...range }));
  });
}

/** The UTF-16 units that one piece of source stands for. */
function said(written: string): string[] {
  if (written.length === 1) return [written];
  if (written === "''") return ["'"];
  const code = /^\\[xuU](.*)$/.exec(written)?.[1];
  if (code !== undefined) return String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10ffff)).split('');
  const character = written[1] ?? '';
  return [BLANK_ESCAPES.includes(character) ? ' ' : character];
}

/** Escapes of double-quoted YAML that say a blank, or nothing at all: a tab, a line break, a space, an ignored break. */
const BLANK_ESCAPES = ' \t\n\rtnvfr_LP';

function isBlank(character: string): boolean {
  return /\s/.test(character);
}
