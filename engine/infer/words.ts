/** What names say of each other: whether a column of one table seems to hold the key of another. */

/** How much two names say, from nothing to all. */
export type Likeness = 0 | 1 | 2 | 3;

/** Words at the end of a name that make a value which stands for a row. */
const IDENTIFIERS = new Set('id uuid guid key code no nr number ref reference token sku slug'.split(' '));

/** The words of a name, in lower case: `customerId`, `customer_id` and `Customer ID` are alike. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** Whether a name is one of a value that stands for a row. */
export function isIdentifier(name: string): boolean {
  return IDENTIFIERS.has(wordsOf(name).at(-1) ?? '');
}

/** Whether a column is named for its own table, as a key is: `id`, or `order_id` in `orders`. */
export function isNamedFor(column: string, table: string): boolean {
  const words = wordsOf(column);
  if (words.length === 1) return words[0] === 'id' || words[0] === 'uuid';
  return isIdentifier(column) && startsAs(tableWords(table), words.slice(0, -1));
}

/** What the names of a column and of another one, in its table, say of that the first holds values of the second. */
export function likeness(column: string, other: string, table: string): Likeness {
  const [from, to, of] = [wordsOf(column), wordsOf(other), tableWords(table)];
  if (from.length === 0 || to.length === 0) return 0;
  const isSame = isEqual(from, to);
  // Each table has an "id" of its own.
  if (isSame && to.length > 1 && isIdentifier(other)) return 3;
  if (isEqual(from, [...of, ...to]) && isIdentifier(other)) return 3;
  if (isEqual(from, of) || endsAs(from, [...of, ...to])) return 2;
  if (to.length > 1 && isIdentifier(other) && endsAs(from, to)) return 2;
  if (isSame) return to.length === 1 && to[0] === 'id' ? 0 : 1;
  return isIdentifier(other) && to[0] !== 'id' && endsAs(from, to) ? 1 : 0;
}

/** Of a table's name, its last word without the ending of the plural. */
function tableWords(table: string): readonly string[] {
  const words = wordsOf(table);
  const last = words.at(-1) ?? '';
  return [...words.slice(0, -1), last.replace(/ies$/, 'y').replace(/(?<=[^s])s$/, '')];
}

function isEqual(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word, n) => word === b[n]);
}

function startsAs(words: readonly string[], start: readonly string[]): boolean {
  return isEqual(words.slice(0, start.length), start);
}

function endsAs(words: readonly string[], end: readonly string[]): boolean {
  return end.length > 0 && words.length > end.length && isEqual(words.slice(-end.length), end);
}
