import type { AggregateName } from './expression.ts';

/** How many arguments a function of the language takes. */
export interface Arity {
  readonly least: number;
  readonly most: number;
}

const exactly = (count: number): Arity => ({ least: count, most: count });

/** SQLite takes at most 127 arguments for a registered function. */
const several: Arity = { least: 1, most: 100 };

/** The functions of the language, by their name in lower case. */
export const functions: ReadonlyMap<string, Arity> = new Map([
  ['coalesce', several],
  ['nullif', exactly(2)],
  ['round', { least: 1, most: 2 }],
  ['abs', exactly(1)],
  ['lower', exactly(1)],
  ['upper', exactly(1)],
  ['trim', exactly(1)],
  ['substr', { least: 2, most: 3 }],
  ['length', exactly(1)],
  ['replace', exactly(3)],
  ['date', exactly(1)],
  ['year', exactly(1)],
  ['month', exactly(1)],
  ['day', exactly(1)],
  ['hour', exactly(1)],
  ['jsonpath', exactly(2)],
  ['surrogate_key', several],
]);

/** Functions over many rows. All but count take one expression; count takes `*` too. */
export const aggregates: readonly AggregateName[] = ['count', 'sum', 'avg', 'min', 'max'];

/** Functions that are windows and nothing else: they are SQL, and not of the language. */
export const windowFunctions: ReadonlySet<string> = new Set(
  'row_number rank dense_rank lag lead first_value last_value'.split(' '),
);

/** What other databases call a function or a type of the language. */
export const synonyms: ReadonlyMap<string, string> = new Map([
  ['substring', 'substr'],
  ['char_length', 'length'],
  ['len', 'length'],
  ['ifnull', 'coalesce'],
  ['nvl', 'coalesce'],
  ['btrim', 'trim'],
  ['lcase', 'lower'],
  ['ucase', 'upper'],
  ['smallint', 'integer'],
  ['int', 'integer'],
  ['bigint', 'integer'],
  ['decimal', 'numeric'],
  ['float', 'double'],
  ['real', 'double'],
  ['bool', 'boolean'],
  ['varchar', 'text'],
  ['string', 'text'],
  ['char', 'text'],
  ['datetime', 'timestamp'],
  ['jsonb', 'json'],
  ['bytea', 'bytes'],
  ['blob', 'bytes'],
]);
