/**
 * A log without end: accounts pay one another, get other labels and numbers, are closed. The entries of each
 * transaction add up to nothing, so half a transaction would show, and so would half a batch.
 */
import { inserted, type LoggedRow, removed, transaction, updated } from '../log/log.ts';
import * as version2 from '../log/version2.ts';
import type { Dice } from '../postgres/dice.ts';

/** A row for each entry. Entries have no key, so one that is read twice is there twice. */
export const LEDGER = `metric: ledger
source: { format: wal2json, path: log }
tables:
  entry: { key: [] }
  account: { key: account_id }
  owner: { key: owner_id }
from: entry
join:
  - left: entry.account_id = account.account_id
  - left: account.owner_id = owner.owner_id
columns:
  - entry.transfer
  - entry.account_id
  - entry.amount
  - account.label
  - owner.name
  - owner.address.city
sink: { sqlite: metrics.db }
`;

/** A mapping over the log, and what its database is made with before the first run; both write `ledger`. */
export interface Scene {
  readonly yaml: string;
  readonly before: string | null;
  /** Another mapping that is run together with it. */
  readonly other?: string;
}

export const ALONE: Scene = { yaml: LEDGER, before: null };

/** A row for each entry and one for each account, of tables that are kept once. */
export const TOGETHER: Scene = {
  yaml: LEDGER.replace('key: []', 'key: [transfer, amount]'),
  before: null,
  other: `metric: accounts
source: { format: wal2json, path: log }
tables:
  account: { key: account_id }
  holder: { table: owner, key: owner_id }
from: account
join:
  - left: account.owner_id = holder.owner_id
columns: [account.account_id, account.label, holder.name, holder.address]
sink: { sqlite: metrics.db }
`,
};

/** A row for each transfer, whose entries come and go two by two, beside rows of others that have some of the numbers. */
export const BESIDE: Scene = {
  yaml: `metric: ledger
source: { format: wal2json, path: log }
tables:
  entry: { key: [] }
  account: { key: account_id }
from: entry
join:
  - left: entry.account_id = account.account_id
group_by: [entry.transfer]
columns:
  - entry.transfer
  - { name: amount, expr: sum(entry.amount) }
  - { name: entries, expr: count(*) }
  - { name: label, expr: max(account.label) }
sink: { sqlite: metrics.db, key: transfer }
`,
  before: `CREATE TABLE ledger (transfer BIGINT, amount FLOAT, entries INT, label TEXT, note TEXT);
    INSERT INTO ledger WITH RECURSIVE n (i) AS (SELECT 31 UNION ALL SELECT i + 3 FROM n WHERE i < 1000)
      SELECT i, 0, 3, 'another''s', 'own' FROM n;`,
};

/** The builders of a version of wal2json. */
interface Writer {
  readonly inserted: (table: string, row: LoggedRow) => string;
  readonly updated: (table: string, before: LoggedRow, after: LoggedRow) => string;
  readonly removed: (table: string, before: LoggedRow) => string;
  readonly transaction: (changes: readonly string[], lsn?: string) => string | readonly string[];
}

const VERSIONS: readonly Writer[] = [{ inserted, updated, removed, transaction }, version2];

/** What the tables hold, as far as the next transactions depend on it. */
interface World {
  readonly dice: Dice;
  readonly writer: Writer;
  readonly owners: Set<number>;
  readonly accounts: Set<number>;
  readonly transfers: Set<readonly [LoggedRow, LoggedRow]>;
  /** Counts whatever was opened or paid: the number of the next one. */
  count: number;
}

/** Gives the records of one transaction after another: of the same dice the same log. */
export function ledgerOf(dice: Dice): () => readonly string[] {
  const writer = dice.pick(VERSIONS);
  const hasLsn = dice.chance(30);
  const world: World = { dice, writer, owners: new Set(), accounts: new Set(), transfers: new Set(), count: 0 };
  let lsn = 0x1000;
  return () => {
    const draw = world.accounts.size < FEWEST ? open : dice.weigh(...transactions);
    lsn += 0x10;
    return [writer.transaction(draw(world), hasLsn ? `0/${lsn.toString(16).toUpperCase()}` : undefined)].flat();
  };
}

type Draw = (world: World) => readonly string[];

const FEWEST = 40;
const OWNERS = 12;

/** Each as often as its weight says. */
const transactions: readonly (readonly [weight: number, draw: Draw])[] = [
  [12, payments],
  [8, takeBack],
  [2, open],
  [3, relabel],
  [2, renumber],
  [1, close],
  [3, changeOwner],
];

/** A few; now and then more than a batch holds in memory. */
function payments(world: World): readonly string[] {
  const count = world.dice.below(400) === 0 ? 600 : 1 + world.dice.below(4);
  return Array.from({ length: count }, () => pay(world)).flat();
}

function pay(world: World): readonly string[] {
  const { dice, writer, accounts, transfers } = world;
  const transfer = world.count++;
  const amount = 1 + dice.below(1000);
  const entry = (signed: number): LoggedRow => [
    ['transfer', 'bigint', transfer],
    ['account_id', 'integer', dice.pick([...accounts])],
    ['amount', 'integer', signed],
  ];
  const both = [entry(amount), entry(-amount)] as const;
  transfers.add(both);
  return both.map((each) => writer.inserted('entry', each));
}

function takeBack(world: World): readonly string[] {
  const { dice, writer, transfers } = world;
  if (transfers.size === 0) return pay(world);
  const both = dice.pick([...transfers]);
  transfers.delete(both);
  return both.map((entry) => writer.removed('entry', entry));
}

function open(world: World): readonly string[] {
  const { dice, writer, accounts } = world;
  const account = world.count++;
  accounts.add(account);
  return [
    ...changeOwner(world),
    writer.inserted('account', [
      ['account_id', 'integer', account],
      ['owner_id', 'integer', dice.below(OWNERS)],
      ['label', 'text', `opened as ${account}`],
    ]),
  ];
}

function keyOf(account: number): LoggedRow {
  return [['account_id', 'integer', account]];
}

function relabel({ dice, writer, accounts }: World): readonly string[] {
  const key = keyOf(dice.pick([...accounts]));
  const label = [['label', 'text', `label ${dice.below(100)}`]] as const;
  return [writer.updated('account', key, [...key, ...label])];
}

/** The key changes, and what the record leaves out stays. */
function renumber(world: World): readonly string[] {
  const { dice, writer, accounts } = world;
  const [before, after] = [dice.pick([...accounts]), world.count++];
  accounts.delete(before);
  accounts.add(after);
  return [writer.updated('account', keyOf(before), keyOf(after))];
}

function close({ dice, writer, accounts }: World): readonly string[] {
  const account = dice.pick([...accounts]);
  accounts.delete(account);
  return [writer.removed('account', keyOf(account))];
}

/** An owner comes, changes, or goes and comes again. */
function changeOwner({ dice, writer, owners }: World): readonly string[] {
  const owner = dice.below(OWNERS);
  const key = [['owner_id', 'integer', owner]] as const;
  const name = ['name', 'text', `owner ${dice.below(1000)}`] as const;
  const address = ['address', 'jsonb', `{"city": "city ${dice.below(50)}"}`] as const;
  if (owners.has(owner) && dice.chance(70)) return [writer.updated('owner', key, [...key, name])];
  const gone = owners.has(owner) ? [writer.removed('owner', key)] : [];
  owners.add(owner);
  return [...gone, writer.inserted('owner', [...key, name, address])];
}
