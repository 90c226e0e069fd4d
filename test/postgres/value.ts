/** Values as SQL literals, drawn for what is known to go wrong with them. */
import type { Dice } from './dice.ts';

const TEXTS = [
  'plain',
  'PAYMENT_CARD',
  '',
  ' ',
  "it's",
  '"quoted"',
  'back\\slash \\n \\u0041',
  'tab\tand\r\nnew line',
  'Straße 🦊',
  'e\u0301',
  'null',
  'NULL',
  'trailing blanks  ',
  '{"a": 1}',
  '0012',
  '\u0001\u001f\u007f',
  '\u2028\u2029\ufeff',
  '%_$$',
  "'; DROP TABLE transaction; --",
  '__proto__',
];

const WHOLE = ['0', '-1', '7', '99', '2147483647', '-2147483648'];
const LONG = ['9007199254740993', '-9007199254740993', '9223372036854775807', '-9223372036854775808'];
const NUMERIC = [
  '1.10',
  '-0',
  '0.000',
  '12345678901234.5678',
  '123456789012345',
  '99999999999999999999.99',
  '0.1',
  '-2.50',
  '1e20',
  "'NaN'",
];
const TIMES = [
  '1999-12-31 23:59:59.999999',
  '2024-02-29 00:00:00',
  '2021-06-03 07:47:50.0233',
  '2021-06-03 07:47:50.1',
];

export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function text(dice: Dice): string {
  return quoted(dice.pick(TEXTS));
}

export function integer(dice: Dice): string {
  return dice.chance(50) ? dice.pick(WHOLE) : String(dice.below(100_000));
}

export function bigint(dice: Dice): string {
  return dice.chance(50) ? dice.pick(LONG) : integer(dice);
}

/** NaN too, which a log shows as null. */
export function numeric(dice: Dice): string {
  return dice.pick(NUMERIC);
}

export function boolean(dice: Dice): string {
  return dice.pick(['true', 'false']);
}

export function timestamp(dice: Dice): string {
  return quoted(dice.pick(TIMES));
}

/** What stands in columns that nobody reads. */
export function oddTimestamp(dice: Dice): string {
  return quoted(dice.pick(['infinity', '-infinity', '0044-03-15 12:00:00 BC', ...TIMES]));
}

/** Padded to three characters by PostgreSQL. */
export function currency(dice: Dice): string {
  return quoted(dice.pick(['GBP', 'JPY', 'EUR', 'é', 'a ', '', "'\\"]));
}

/** One of `count` keys of a kind; kinds have no key in common. */
export function uuid(kind: number, number: number): string {
  const digits = (Math.imul(number + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
  return quoted(`${digits}-000${kind}-4abc-8def-${String(number).padStart(12, '0')}`);
}

const TOKENS = ['tok_1', 'TOK_1', 'tok_1 ', "to'k", 'tök "\\', '', '1', '01', 'null', 'tok_1\n'];

export function token(number: number): string {
  return quoted(TOKENS[number % TOKENS.length] ?? '');
}

export const TOKEN_COUNT = TOKENS.length;
