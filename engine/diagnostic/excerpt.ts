import type { Span } from './diagnostic.ts';
import { withoutPasswords } from './secret.ts';

/** A place in a text as editors count it: from 1, columns in UTF-16 units. */
export interface LineColumn {
  readonly line: number;
  readonly column: number;
}

/** The widest line an excerpt shows; a longer one is cut around the span. */
const WIDEST = 120;

/** Where an offset stands; one behind the text stands at its end. */
export function lineColumn(text: string, offset: number): LineColumn {
  let line = 1;
  let start = 0;
  for (let end = text.indexOf('\n'); end !== -1 && end < offset; end = text.indexOf('\n', start)) {
    line++;
    start = end + 1;
  }
  return { line, column: Math.min(offset, text.length) - start + 1 };
}

/** The line of the span and the one before it, with carets below; a span of several lines is marked in its first. */
export function excerpt(text: string, span: Span): string[] {
  const { line, column } = lineColumn(text, span.start);
  const lines = text.split('\n', line).map((each) => withoutPasswords(each.replace(/\r$/, '')));
  const marked = lines[line - 1] ?? '';
  const length = Math.max(1, Math.min(span.end - span.start, marked.length - column + 1));
  const shown = cut(marked, column - 1, length);
  const before = shown.content.slice(0, shown.start);
  const spanned = shown.content.slice(shown.start, shown.start + shown.length);
  const margin = String(line).length;
  const numbered = (number: number, content: string) =>
    `  ${String(number).padStart(margin)} | ${visible(content)}`.trimEnd();
  return [
    ...(line > 1 ? [numbered(line - 1, cut(lines[line - 2] ?? '', 0, 0).content)] : []),
    numbered(line, shown.content),
    `  ${' '.repeat(margin)} | ${blanksBelow(before)}${'^'.repeat(Math.max(1, blanksBelow(spanned).length))}`,
  ];
}

interface Marked {
  readonly content: string;
  readonly start: number;
  readonly length: number;
}

/** The part of a wide line that shows the span, with `…` where something is left out. */
function cut(line: string, start: number, length: number): Marked {
  if (line.length <= WIDEST) return { content: line, start, length };
  const from = Math.max(0, Math.min(start - Math.floor(WIDEST / 3), line.length - WIDEST));
  const to = Math.min(line.length, from + WIDEST);
  const before = from > 0 ? '…' : '';
  return {
    content: before + line.slice(from, to) + (to < line.length ? '…' : ''),
    start: before.length + start - from,
    length: Math.min(length, to - start),
  };
}

/** As wide as what stands above: a tab stays a tab, and a wide character (East Asian, emoji) takes two columns. */
function blanksBelow(content: string): string {
  return Array.from(content, (character) => (character === '\t' ? '\t' : WIDE.test(character) ? '  ' : ' ')).join('');
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/**
 * The text with control characters as pictures of themselves, each one character wide: a terminal obeys them, and a line
 * break would end a line that tools read. Tabs stay.
 */
export function visible(text: string): string {
  return text.replace(CONTROL, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\ufffd';
  });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the control characters are what is looked for.
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g;
