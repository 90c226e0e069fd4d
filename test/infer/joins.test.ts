/** Which joins are proposed, and which are not. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { equalityText } from '../../engine/infer/join-lines.ts';
import { asLines, insert, type LoggedValue } from '../log/log.ts';
import { inScratch } from '../support/scratch.ts';
import { proposedFor } from './infer.ts';

/** Rows of a table: a type and a value of each column, by the row's number from 1. */
type Columns = Readonly<Record<string, readonly [type: string, value: (n: number) => LoggedValue]>>;

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n + 1);

function rows(table: string, count: number, columns: Columns, schema = 'public'): readonly string[] {
  const all = Object.entries(columns);
  return numbers(count).map((n) =>
    insert(
      table,
      all.map(([name, [type, value]]) => [name, type, value(n)]),
      schema,
    ),
  );
}

const id: Columns = { id: ['integer', (n) => n] };
const uuid = (n: number) => `00000000-0000-0000-0000-${String(n).padStart(12, '0')}`;

/** The joins that are proposed from a root: the first one, if none is named. */
function joinsOf(log: readonly string[], root: string | null = null): Promise<readonly string[]> {
  return inScratch(async (folder) => {
    const path = join(folder, 'wal.json');
    writeFileSync(path, asLines(log));
    const all = await proposedFor(path);
    const proposed = root === null ? all[0] : all.find(({ proposal }) => proposal.root.alias === root);
    const { joins, aliasOf } = proposed?.proposal ?? { joins: [], aliasOf: String };
    return joins.map(({ kind, link }) => `${kind} ${equalityText(link, aliasOf)}`);
  });
}

const customers = rows('customers', 10, id);
const ordersOf = (customer: (n: number) => LoggedValue) =>
  rows('orders', 40, { ...id, customer_id: ['integer', customer] });

test('a column that is named for another table, and has its values', async () => {
  expect(await joinsOf([...customers, ...ordersOf((n) => 1 + (n % 10))])).toEqual([
    'inner orders.customer_id = customers.id',
  ]);
});

test('a left join where many rows have no partner, none where most values have none', async () => {
  expect(await joinsOf([...customers, ...ordersOf((n) => (n % 5 === 0 ? null : 1))])).toEqual([
    'left orders.customer_id = customers.id',
  ]);
  expect(await joinsOf([...customers, ...ordersOf((n) => n)])).toEqual([]);
});

test('none to a column that several rows share', async () => {
  const shared = rows('visits', 20, { ...id, order_id: ['integer', (n) => 1 + (n % 10)] });
  const notes = rows('notes', 10, { ...id, order_id: ['integer', (n) => n] });
  expect(await joinsOf([...shared, ...notes], 'notes')).toEqual([]);
  expect(await joinsOf([...shared, ...notes], 'visits')).toEqual(['inner visits.order_id = notes.order_id']);
});

test('none by numbers whose names say nothing, nor by what is measured', async () => {
  const measured: Columns = {
    ...id,
    size: ['integer', (n) => n],
    at: ['timestamp', (n) => `2024-01-${10 + n}`],
    ok: ['boolean', () => true],
  };
  expect(await joinsOf([...rows('a', 15, measured), ...rows('b', 15, measured)])).toEqual([]);
});

test('by values alone, where there are many and nearly all are found', async () => {
  const [a, b] = [
    rows('a', 40, { x: ['uuid', (n) => uuid(n % 25)] }),
    (count: number) => rows('b', count, { y: ['uuid', (n) => uuid(n - 1)] }),
  ];
  expect(await joinsOf([...a, ...b(25)])).toEqual(['inner a.x = b.y']);
  expect(await joinsOf([...a, ...b(20)])).toEqual([]);
});

test('not by what both tables refer to, where one refers to the other', async () => {
  const parcels = rows('parcels', 10, { ...id, order_id: ['integer', (n) => n], customer_id: ['integer', (n) => n] });
  const log = [...customers, ...ordersOf((n) => 1 + (n % 10)), ...parcels];
  expect(await joinsOf(log, 'parcels')).toEqual([
    'inner parcels.customer_id = customers.id',
    'inner parcels.order_id = orders.id',
  ]);
});

test('as near to the root as a join leads, and left behind a left one', async () => {
  const lines = rows('lines', 80, { ...id, order_id: ['integer', (n) => (n % 3 === 0 ? null : 1 + (n % 40))] });
  const log = [...customers, ...ordersOf((n) => 1 + (n % 10)), ...lines];
  expect(await joinsOf(log)).toEqual(['left lines.order_id = orders.id', 'left orders.customer_id = customers.id']);
});

test('against the direction of a reference, as a left join, where each row has one', async () => {
  const profiles = rows('profiles', 8, { ...id, customer_id: ['integer', (n) => n] });
  expect(await joinsOf([...customers, ...profiles])).toEqual(['inner profiles.customer_id = customers.id']);
  expect(await joinsOf([...customers, ...profiles], 'customers')).toEqual(['left customers.id = profiles.customer_id']);
});

test('tables of one name in two schemas are two', async () => {
  const old = rows('customers', 5, { ...id, customer_id: ['integer', (n) => n] }, 'old');
  expect(await joinsOf([...customers, ...old])).toEqual(['inner old_customers.customer_id = customers.id']);
});
