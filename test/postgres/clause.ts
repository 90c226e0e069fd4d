/** Parts of statements, drawn from the columns that a table has by now. */
import type { Column } from './column.ts';
import type { TableName } from './schema.ts';
import { columnsOf, type World } from './world.ts';

/** An insert of a row whose key is given; of its other columns few are left out. */
export function insertion(world: World, table: TableName, key: readonly (readonly [string, string])[]): string {
  const columns = columnsOf(world, table).filter(() => world.dice.chance(92));
  const pairs = [...key, ...columns.map((column) => [column.name, literalOf(world, column)] as const)];
  if (pairs.length === 0) return `INSERT INTO ${table} DEFAULT VALUES`;
  const [names, values] = [pairs.map(([name]) => name), pairs.map(([, value]) => value)];
  return `INSERT INTO ${table} (${names.join(', ')}) VALUES (${values.join(', ')})`;
}

/** New values for some columns; those that rows are joined by stand first and are drawn most. */
export function assignments(world: World, table: TableName): string {
  const columns = columnsOf(world, table);
  const drawn = Array.from({ length: 1 + world.dice.below(3) }, () =>
    world.dice.pick(world.dice.chance(35) ? columns.slice(0, 3) : columns),
  );
  return [...new Set(drawn)].map((column) => `${column.name} = ${literalOf(world, column)}`).join(', ');
}

/** What some rows have in common: a value of one of the columns that rows are joined by, seldom nothing. */
export function condition(world: World, table: TableName): string {
  if (world.dice.chance(6)) return 'true';
  const column = world.dice.pick(columnsOf(world, table).slice(0, 2));
  return world.dice.chance(15) ? `${column.name} IS NULL` : `${column.name} = ${column.draw(world.dice)}`;
}

function literalOf({ dice }: World, column: Column): string {
  return dice.chance(13) ? 'NULL' : column.draw(dice);
}
