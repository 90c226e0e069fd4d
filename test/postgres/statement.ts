/** Statements that change rows, drawn so that none fails. */
import { assignments, condition, insertion } from './clause.ts';
import { type Column, TABLES } from './column.ts';
import { KEYED, type TableName } from './schema.ts';
import { quoted, text } from './value.ts';
import { columnsOf, keysOf, type World } from './world.ts';

type Draw = (world: World, table: TableName) => string;

const ON_KEYS: readonly (readonly [number, Draw])[] = [
  [34, insert],
  [26, update],
  [7, rekey],
  [6, remove],
  [5, reinsert],
  [6, upsert],
  [3, updateAlike],
  [2, touch],
  [1, removeAlike],
];

const ON_A_BAG: readonly (readonly [number, Draw])[] = [
  [8, insert],
  [2, copyOne],
  [3, updateOne],
  [1, updateAlike],
  [4, removeOne],
];

export function drawStatement(world: World): string {
  const { dice } = world;
  const table = dice.weigh<TableName>(
    [5, 'event_v2_data'],
    [3, 'transaction'],
    [4, KEYED[2]],
    [3, KEYED[3]],
    [3, 'remark'],
  );
  if (dice.chance(3)) return message(world);
  if (dice.chance(3)) return elsewhere(world);
  if (world.truncates && dice.chance(1)) return truncate(world, table);
  return dice.weigh(...(TABLES[table].key ? ON_KEYS : ON_A_BAG))(world, table);
}

/** A row under a key that is free; where none is, another kind of change. */
function insert(world: World, table: TableName): string {
  const { key } = TABLES[table];
  if (key === null) return insertion(world, table, []);
  const free = freeKey(world, table, key);
  if (free === null) return update(world, table);
  keysOf(world, table).add(free);
  return insertion(world, table, [[key.name, free]]);
}

function update(world: World, table: TableName): string {
  return onOne(world, table, (where) => `UPDATE ${table} SET ${assignments(world, table)} WHERE ${where}`);
}

/** Changes the key, often with other columns. */
function rekey(world: World, table: TableName): string {
  const { key } = TABLES[table];
  const free = key && freeKey(world, table, key);
  if (free === null) return remove(world, table);
  return onOne(world, table, (where, old) => {
    keysOf(world, table).delete(old);
    keysOf(world, table).add(free);
    const others = world.dice.chance(50) ? `, ${assignments(world, table)}` : '';
    return `UPDATE ${table} SET ${key?.name} = ${free}${others} WHERE ${where}`;
  });
}

function remove(world: World, table: TableName): string {
  return onOne(world, table, (where, old) => {
    keysOf(world, table).delete(old);
    return `DELETE FROM ${table} WHERE ${where}`;
  });
}

/** Deletes a row and inserts another under its key at once. */
function reinsert(world: World, table: TableName): string {
  const name = TABLES[table].key?.name ?? '';
  return onOne(
    world,
    table,
    (where, old) => `DELETE FROM ${table} WHERE ${where};\n${insertion(world, table, [[name, old]])}`,
  );
}

function upsert(world: World, table: TableName): string {
  const { key } = TABLES[table];
  if (key === null) return insert(world, table);
  const drawn = key.draw(world.dice);
  keysOf(world, table).add(drawn);
  const conflict = `ON CONFLICT (${key.name}) DO UPDATE SET ${assignments(world, table)}`;
  return `${insertion(world, table, [[key.name, drawn]])} ${conflict}`;
}

/** Changes all rows that have one value in common: often none, sometimes all. */
function updateAlike(world: World, table: TableName): string {
  return `UPDATE ${table} SET ${assignments(world, table)} WHERE ${condition(world, table)}`;
}

function removeAlike(world: World, table: TableName): string {
  return `DELETE FROM ${table} WHERE ${condition(world, table)}`;
}

/** An update that changes nothing, which the log shows all the same. */
function touch(world: World, table: TableName): string {
  const { name } = world.dice.pick(columnsOf(world, table));
  return `UPDATE ${table} SET ${name} = ${name}`;
}

function updateOne(world: World, table: TableName): string {
  return `UPDATE ${table} SET ${assignments(world, table)} WHERE ${oneRow(table)}`;
}

function copyOne(_: World, table: TableName): string {
  return `INSERT INTO ${table} SELECT * FROM ${table} WHERE ${oneRow(table)}`;
}

function removeOne(_: World, table: TableName): string {
  return `DELETE FROM ${table} WHERE ${oneRow(table)}`;
}

/** One of several rows that are equal, where the table has no key: of those with most NULLs, not of the oldest. */
function oneRow(table: TableName): string {
  const columns = TABLES[table].columns.map(({ name }) => `${name} NULLS FIRST`);
  return `ctid = (SELECT ctid FROM ${table} ORDER BY ${columns.join(', ')} LIMIT 1)`;
}

function truncate(world: World, table: TableName): string {
  const others = KEYED.filter((other) => other !== table);
  const tables = world.dice.chance(30) ? [table, world.dice.pick(others)] : [table];
  for (const each of tables) keysOf(world, each).clear();
  return `TRUNCATE ${tables.join(', ')}`;
}

/** The prefix of messages outside their transaction, which version 1 writes as broken JSON behind a longer one. */
export const LOOSE = 'loose';

function message({ dice }: World): string {
  const [transactional, prefix] = dice.pick([
    ['true', 'bound'],
    ['false', LOOSE],
  ]) as [string, string];
  return `SELECT pg_logical_emit_message(${transactional}, ${quoted(prefix)}, ${text(dice)})`;
}

/** A change of the table that has its name in common with one that is read. */
function elsewhere({ dice }: World): string {
  const key = TABLES.transaction.key?.draw(dice);
  return dice.pick([
    `DELETE FROM archive.transaction WHERE transaction_id = ${key}`,
    `INSERT INTO archive.transaction VALUES (${key}, 1) ON CONFLICT (transaction_id) DO UPDATE SET amount = 2`,
  ]);
}

/** A statement on a row that is there; an insert where none is. */
function onOne(world: World, table: TableName, statement: (where: string, key: string) => string): string {
  const keys = [...keysOf(world, table)];
  if (keys.length === 0) return insert(world, table);
  const key = world.dice.pick(keys);
  return statement(`${TABLES[table].key?.name} = ${key}`, key);
}

function freeKey(world: World, table: TableName, key: Column): string | null {
  const drawn = Array.from({ length: 4 }, () => key.draw(world.dice));
  return drawn.find((each) => !keysOf(world, table).has(each)) ?? null;
}
