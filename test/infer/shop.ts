/** A small shop: what its database would log, in every way that wal2json has. */

import type { LoggedRow } from '../log/log.ts';
import * as version1 from '../log/log.ts';
import * as version2 from '../log/version2.ts';

/** The builders that both versions have. */
type Words = Pick<typeof version1, 'inserted' | 'updated' | 'removed'>;

/** Orders of customers, their lines, shops that orders of the web have none of, and what belongs to nothing. */
function changes(words: Words): readonly string[] {
  const count = (length: number) => Array.from({ length }, (_, n) => n + 1);
  return [
    ...count(12).map((id) => words.inserted('customers', customer(id))),
    ...count(4).map((id) =>
      words.inserted('shop', [
        ['code', 'character(3)', `s${id}`],
        ['city', 'text', `city ${id}`],
      ]),
    ),
    ...count(40).map((id) => words.inserted('order', order(id))),
    ...count(80).map((n) => words.inserted('order line', line(n))),
    ...count(5).map((n) =>
      words.inserted('audit', [
        ['at', 'timestamp with time zone', `2024-01-0${n} 10:00:00+00`],
        ['say "hi"', 'text', n > 2 ? 'x' : null],
      ]),
    ),
    words.updated(
      'order',
      [['id', 'bigint', 3]],
      [...order(3).slice(0, 4), ['total', 'numeric(10,2)', version1.digits('99.50')]],
    ),
    words.removed('order', [['id', 'bigint', 4]]),
  ];
}

function customer(id: number): LoggedRow {
  const profile = { address: { city: 'Bonn', 'post code': `53${id}` }, age: 20 + id, tags: ['a'], [`k${id}`]: id };
  return [
    ['id', 'bigint', 1000 + id],
    ['name', 'text', `name ${id}`],
    ['profile', 'jsonb', id % 3 === 0 ? null : JSON.stringify({ ...profile, [`k${id}`]: undefined })],
    ['counts', 'jsonb', JSON.stringify({ [`day ${id}`]: id })],
  ];
}

function order(id: number): LoggedRow {
  return [
    ['id', 'bigint', id],
    ['customer_id', 'bigint', id > 38 ? 7 : 1001 + (id % 12)],
    ['shop', 'character(3)', id % 4 === 0 ? null : `s${1 + (id % 4)}`],
    ['paid', 'boolean', id % 2 === 0],
    ['total', 'numeric(10,2)', version1.digits(`${id}.10`)],
    ['note', 'text', null],
  ];
}

function line(n: number): LoggedRow {
  return [
    ['order_id', 'bigint', Math.ceil(n / 2)],
    ['line', 'integer', n % 2],
    ['customerId', 'bigint', 1 + n],
    ['total', 'numeric(10,2)', version1.digits('5.05')],
  ];
}

const one = version1.transaction;
const records1 = changes(version1).map((change) => one([change]));
const records2 = changes(version2).flatMap((change) => version2.transaction([change]));

/** The same changes in every layout of both versions. */
export const layouts: Readonly<Record<string, string>> = {
  'version 1, an array': version1.asArray(records1),
  'version 1, an array on one line': version1.asLineArray(records1),
  'version 1, lines': version1.asLines(records1),
  'version 1, with LSNs': version1.asLines(changes(version1).map((change, n) => one([change], `0/${n + 1}`))),
  'version 1, pretty-printed': version1.asPretty(records1),
  'version 1, in chunks': version1.asChunks(changes(version1).map((change) => [change])),
  'version 2, lines': version1.asLines(records2),
  'version 2, without transactions': version1.asLines(changes(version2)),
  'version 2, an array': version1.asArray(records2),
  'version 2, pretty-printed': version1.asPretty(records2),
};
