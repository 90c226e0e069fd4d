/** What a workload knows of the database while it is drawn; nothing is asked, so that a seed says everything. */
import { type Column, TABLES } from './column.ts';
import type { Dice } from './dice.ts';
import { KEYED, type TableName } from './schema.ts';
import { bigint } from './value.ts';

export interface World {
  readonly dice: Dice;
  /** Whether tables may be truncated, which only version 2 of wal2json tells. */
  readonly truncates: boolean;
  /** Put back when a transaction or savepoint is rolled back. */
  state: State;
}

export interface State {
  /** The keys that may be there, as literals: some may be gone, but none is there that is not among them. */
  readonly keys: Map<TableName, Set<string>>;
  /** Columns that are not there, not yet or no more, as `table.column`. */
  readonly absent: Set<string>;
  /** Tables whose amount has become a bigint. */
  readonly wide: Set<TableName>;
  /** Columns that nobody reads and a DDL brought, as `table.column`, with literals for them. */
  readonly extras: Map<string, readonly string[]>;
}

export function worldOf(dice: Dice, truncates: boolean): World {
  const keys = new Map(KEYED.map((table) => [table as TableName, new Set<string>()]));
  return { dice, truncates, state: { keys, absent: new Set([NOTE]), wide: new Set(), extras: new Map() } };
}

/** The one column that a mapping reads and an ALTER TABLE brings. */
export const NOTE = 'event_v2_data.note';

export function keysOf({ state }: World, table: TableName): Set<string> {
  return state.keys.get(table) ?? new Set();
}

/** The columns of a table besides its key, as they are now. */
export function columnsOf({ state }: World, table: TableName): Column[] {
  const extras = [...state.extras]
    .filter(([name]) => name.startsWith(`${table}.`))
    .map(([name, literals]): Column => ({ name: name.slice(table.length + 1), draw: (dice) => dice.pick(literals) }));
  const own = TABLES[table].columns.filter(({ name }) => !state.absent.has(`${table}.${name}`));
  return [...own, ...extras].map((column) =>
    column.name === 'amount' && state.wide.has(table) ? { ...column, draw: bigint } : column,
  );
}
