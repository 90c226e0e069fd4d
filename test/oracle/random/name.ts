/** Names as databases allow them. Quotes, dots, blanks, SQL and JavaScript's own words are data, nothing else. */
export const NAMES = [
  'id',
  'ref',
  'amount',
  'ID',
  'Id',
  'order',
  'select',
  'null',
  'rowid',
  '__proto__',
  'constructor',
  'a.b',
  'with blank',
  "it's",
  'say "hi"',
  'x"; DROP TABLE y; --',
  'é',
  '名前',
  '[0]',
  '$1',
  '%s',
  ':v',
  '?',
  '\\',
] as const;

/** The places of names that SQLite does not take for one another: its tables have no columns equal but for case. */
export const DISTINCT = [...new Map(NAMES.map((name, place) => [name.toLowerCase(), place])).values()];

const WORD = /^[a-z_][a-z0-9_]*$/i;

/** Words that mean something where an expression begins. */
const KEYWORDS = /^(and|as|between|case|cast|else|end|false|in|is|like|not|null|or|source|then|true|when)$/i;

/** A path as a mapping writes it: names in quotes where they need them, `[0]` for places in an array. */
export function pathText(segments: readonly (string | number)[]): string {
  return segments.map((segment, index) => segmentText(segment, index === 0)).join('');
}

function segmentText(segment: string | number, first: boolean): string {
  if (typeof segment === 'number') return `[${segment}]`;
  const bare = WORD.test(segment) && !(first && KEYWORDS.test(segment));
  const name = bare ? segment : `"${segment.replaceAll('"', '""')}"`;
  return first ? name : `.${name}`;
}

/** A text as an expression writes it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
