/** Changes of the tables themselves while the log is written. */
import { KEYED, type TableName } from './schema.ts';
import { NOTE, type World } from './world.ts';

/** Types of columns that nobody reads, with literals of them. */
const TYPES: readonly (readonly [type: string, literals: readonly string[]])[] = [
  ['integer[]', ["'{1,NULL,3}'", "'{}'"]],
  ['text[]', [`'{"a,b",NULL,"\\"q\\""}'`]],
  ['bytea', ["'\\x00ff10'", "''"]],
  ['interval', ["'1 year 2 mons -3 days'"]],
  ['inet', ["'10.0.0.0/8'", "'::1'"]],
  ['double precision', ["'NaN'", '1e300', '-0.0']],
  ['numeric(10,2)', ['1.5']],
  ['time with time zone', ["'12:00:00+02'"]],
  ['timestamp with time zone', ["'2024-02-29 23:59:59.5+05:30'", "'infinity'"]],
  ['daterange', ["'[2024-01-01,2024-01-02)'"]],
  ['character(5)', ["'a'"]],
  ['cidr', ["'10.0.0.0/8'"]],
];

/** Their defaults would hold a quote or a backslash, which `include-default` writes into the JSON as it is. */
const UNFILLED: ReadonlySet<string> = new Set(['text[]', 'bytea']);

/** Columns that no mapping of the tests reads, so that they may go. */
const UNREAD: readonly string[] = [
  'event_v2_data.connection_id',
  'event_v2_data.date',
  'transaction.merchant_reference',
  'transaction.updated_at',
  'transaction_request.idempotency_key',
  'payment_instrument_token_data.analytics_id',
];

export function drawAlter(world: World): string {
  const draw = world.dice.weigh<(world: World) => string>(
    [3, identity],
    [2, addExtra],
    [2, dropExtra],
    [1, dropUnread],
    [2, widenAmount],
    [1, widenText],
    [4, addNote],
  );
  return draw(world);
}

/** Says what the log tells of an old row: its key, or all of it. */
export function identity({ dice }: World): string {
  return `ALTER TABLE ${dice.pick(KEYED)} REPLICA IDENTITY ${dice.pick(['FULL', 'FULL', 'DEFAULT'])}`;
}

function addExtra({ dice, state }: World): string {
  const [table, name] = [dice.pick(KEYED), dice.pick(['extra', '"Extra, ""one"""'])];
  if (state.extras.has(`${table}.${name}`)) return `ALTER TABLE ${table} ALTER ${name} SET DEFAULT NULL`;
  const [type, literals] = dice.pick(TYPES);
  state.extras.set(`${table}.${name}`, literals);
  const literal = dice.pick(literals);
  // With a default old rows are filled without a record.
  const filled = dice.chance(50) && !UNFILLED.has(type) ? ` DEFAULT ${literal}` : '';
  return `ALTER TABLE ${table} ADD COLUMN ${name} ${type}${filled}`;
}

function dropExtra(world: World): string {
  const extras = [...world.state.extras.keys()];
  if (extras.length === 0) return addExtra(world);
  const extra = world.dice.pick(extras);
  world.state.extras.delete(extra);
  return dropOf(extra);
}

function dropUnread(world: World): string {
  const { dice, state } = world;
  const there = UNREAD.filter((column) => !state.absent.has(column));
  if (there.length === 0) return identity(world);
  const unread = dice.pick(there);
  state.absent.add(unread);
  return dropOf(unread);
}

function dropOf(column: string): string {
  const dot = column.indexOf('.');
  return `ALTER TABLE ${column.slice(0, dot)} DROP COLUMN ${column.slice(dot + 1)}`;
}

function widenAmount({ dice, state }: World): string {
  const table: TableName = dice.pick(['transaction', 'transaction_request']);
  state.wide.add(table);
  return `ALTER TABLE ${table} ALTER amount TYPE bigint`;
}

function widenText({ dice }: World): string {
  return `ALTER TABLE event_v2_data ALTER reason TYPE ${dice.pick(['text', 'varchar(4000)', 'varchar'])}`;
}

function addNote({ state }: World): string {
  state.absent.delete(NOTE);
  return 'ALTER TABLE event_v2_data ADD COLUMN IF NOT EXISTS note text';
}
