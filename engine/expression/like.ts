import { refuse, shown } from './operation.ts';

const MANY = Symbol('any characters');
const ONE = Symbol('one character');
const BROKEN = Symbol('a backslash with nothing behind it');

type Item = string | typeof MANY | typeof ONE | typeof BROKEN;

/**
 * PostgreSQL's LIKE: `%` stands for any characters, `_` for one, a backslash takes the next character as it is.
 *
 * After a mismatch only the last `%` is tried again, one character further, so that no pattern takes longer than the
 * product of the lengths. A backslash at the end is an error when it is reached, as in PostgreSQL.
 */
export function matches(value: string, pattern: string): boolean {
  const characters = Array.from(value);
  const items = itemsOf(pattern);
  let [at, item] = [0, 0];
  let many: { readonly item: number; at: number } | null = null;
  while (at < characters.length) {
    const expected = items[item];
    if (expected === BROKEN) refuse('OPEN_PATTERN', { pattern: shown(pattern) });
    if (expected === MANY) {
      many = { item: ++item, at };
    } else if (expected === ONE || expected === characters[at]) {
      item++;
      at++;
    } else if (many) {
      item = many.item;
      at = ++many.at;
    } else {
      return false;
    }
  }
  return items.slice(item).every((rest) => rest === MANY);
}

function itemsOf(pattern: string): readonly Item[] {
  const items: Item[] = [];
  let escaped = false;
  for (const character of pattern) {
    if (escaped) items.push(character);
    else if (character !== '\\') items.push(character === '%' ? MANY : character === '_' ? ONE : character);
    escaped = !escaped && character === '\\';
  }
  if (escaped) items.push(BROKEN);
  return items;
}
