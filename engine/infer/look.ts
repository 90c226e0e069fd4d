/** What values look like, where nothing says what they are. */
import type { Literal, Type } from '../change.ts';
import { readTime, type TimeType } from '../expression/operation/instant.ts';
import { OperationError } from '../expression/operation/operation.ts';
import { JsonError, wholeValue } from '../json.ts';

/** What a value looks like: a type of the language. */
export type Look = Exclude<Type, 'character' | 'bytes'>;

/** What a text looks like. Digits behind a zero or a plus are no number: they would not come back as they were. */
const TEXTS: readonly (readonly [Look, RegExp])[] = [
  ['integer', /^(?:0|-?[1-9]\d{0,17})$/],
  ['numeric', /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/],
  ['boolean', /^(?:true|false)$/],
  ['date', /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/],
  ['timestamp', /^\d{4}-\d\d-\d\d[ T](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?$/],
  ['timestamptz', /^\d{4}-\d\d-\d\d[ T](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d(?::?\d\d)?)$/],
  ['uuid', /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i],
];

/** Longer texts are looked at as JSON only. */
const LONGEST = 64;

/** What a text looks like that has no type of its own. */
export function lookOf(text: string): Look {
  const [look] = (text.length <= LONGEST ? TEXTS.find(([, pattern]) => pattern.test(text)) : undefined) ?? [];
  switch (look) {
    case undefined:
      return isJson(text) ? 'json' : 'text';
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return isRead(text, look) ? look : 'text';
    default:
      return look;
  }
}

/** Whether the calendar has such a day: a run would stop at another one. */
function isRead(text: string, type: TimeType): boolean {
  try {
    readTime(text, type);
    return true;
  } catch (error) {
    if (error instanceof OperationError) return false;
    throw error;
  }
}

/** What a literal of JSON is. A text is a text there, whatever it looks like. */
export function lookOfLiteral(literal: Exclude<Literal, null>): Look {
  if (typeof literal === 'string') return isJson(literal) ? 'json' : 'text';
  if (typeof literal === 'boolean') return 'boolean';
  if (/^[[{]/.test(literal.json)) return 'json';
  const look = lookOf(literal.json);
  return look === 'integer' || look === 'numeric' ? look : 'double';
}

/** What both can be. */
export function common(a: Look | null, b: Look): Look {
  if (a === null || a === b) return b;
  const [numbers] = [NUMBERS.indexOf(a), NUMBERS.indexOf(b)].sort((x, y) => x - y);
  if (numbers === undefined || numbers < 0) return 'text';
  return NUMBERS[Math.max(NUMBERS.indexOf(a), NUMBERS.indexOf(b))] ?? 'text';
}

/** Each can be said as the next one. */
const NUMBERS: readonly Look[] = ['integer', 'numeric', 'double'];

/** Whether a text holds an object or an array of JSON. */
function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    wholeValue(text);
    return true;
  } catch (error) {
    if (error instanceof JsonError) return false;
    throw error;
  }
}
