import { refuse, shown } from './operation.ts';

const MANY = Symbol('any characters');
const ONE = Symbol('one character');
const BROKEN = Symbol('a backslash with nothing behind it');

type Part = string | typeof MANY | typeof ONE | typeof BROKEN;

/**
 * PostgreSQL's LIKE: `%` stands for any characters, `_` for one, a backslash takes the next character as it is.
 *
 * After a mismatch only the last `%` is tried again, one character further, so that no pattern takes longer than the
 * product of the lengths. A backslash at the end is an error when it is reached, as in PostgreSQL.
 */
export function matches(value: string, pattern: string): boolean {
  const characters = Array.from(value);
  const parts = partsOf(pattern);
  let [at, part] = [0, 0];
  let many: { readonly part: number; at: number } | null = null;
  while (at < characters.length) {
    const expected = parts[part];
    if (expected === BROKEN) refuse('OPEN_PATTERN', { pattern: shown(pattern) });
    if (expected === MANY) {
      many = { part: ++part, at };
    } else if (expected === ONE || expected === characters[at]) {
      part++;
      at++;
    } else if (many) {
      part = many.part;
      at = ++many.at;
    } else {
      return false;
    }
  }
  return parts.slice(part).every((rest) => rest === MANY);
}

function partsOf(pattern: string): readonly Part[] {
  const parts: Part[] = [];
  let escaped = false;
  for (const character of pattern) {
    if (escaped) parts.push(character);
    else if (character !== '\\') parts.push(character === '%' ? MANY : character === '_' ? ONE : character);
    escaped = !escaped && character === '\\';
  }
  if (escaped) parts.push(BROKEN);
  return parts;
}
