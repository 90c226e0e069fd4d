/**
 * Writes a metric to a table of PostgreSQL, all of a shipment in one transaction of the server.
 *
 * Beside the table stands `_etl_shipped`, which holds for each target the token of the shipment that it got last, and how
 * the table was left: one that was altered is no longer ours to write. All rows at once go to a temporary table first, and
 * only what differs is written, so that readers never wait; where columns differ the table is emptied and altered, at the
 * very end.
 */
import type { Row } from '../../change.ts';
import { fail } from '../../diagnostic/diagnostic.ts';
import { hints, noSchema } from '../../diagnostic/messages.ts';
import { failDatabase } from '../../server/failure.ts';
import type { DatabasePlace } from '../../server/place.ts';
import { connectPostgres, type PostgresClient } from '../../server/postgres.ts';
import { quote } from '../../sql/dialect.ts';
import type { TargetColumn } from '../../sql/target.ts';
import { failBehind } from '../behind.ts';
import type { RemoteSink, RemoteTarget, Shipment, ShippedCount } from '../remote.ts';
import {
  addKey,
  alterTable,
  createTable,
  type Definition,
  definitionFor,
  definitionText,
  readDefinition,
} from './table.ts';
import { readBack } from './value.ts';
import { sameKey, sendRows, upsert } from './write.ts';

/** A table of a server, and a transaction there. */
interface Open {
  readonly client: PostgresClient;
  readonly place: DatabasePlace;
  readonly metric: string;
  /** Empty where no schema is there to make a table in. */
  readonly schema: string;
  readonly table: string;
  /** The table's name in statements. */
  readonly name: string;
}

/** Rows that are read of a target at once. */
const CHUNK = 1000;

/** Opens a PostgreSQL as a target. */
export async function openPostgres(target: RemoteTarget): Promise<RemoteSink> {
  const { metric, table } = target;
  refuseLong([table], target.shown);
  const client = await connectPostgres(target, 'rows');
  try {
    await client.begin('ISOLATION LEVEL READ COMMITTED');
    const schema = (await client.query('SELECT current_schema()')).rows[0]?.[0] ?? '';
    const open: Open = { client, place: target, metric, schema, table, name: `${quote(schema)}.${quote(table)}` };
    return {
      look: () => look(open),
      ship: (shipment) => ship(open, shipment),
      rows: (columns) => rowsIn(open, columns),
      close: () => client.close(),
    };
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** PostgreSQL cuts a longer name without a word: https://www.postgresql.org/docs/current/sql-syntax-lexical.html */
const LONGEST = 63;

function refuseLong(names: readonly string[], place: string): void {
  const name = names.find((each) => Buffer.byteLength(each) > LONGEST);
  if (name !== undefined) fail('NAME_TOO_LONG', { name, longest: LONGEST }, { data: { file: place } });
}

async function look(open: Open): Promise<string | null> {
  if (open.schema === '') failDatabase('rows', new Error(noSchema), open.place);
  await takeTurn(open, open.name);
  const standing = await readDefinition(open.client, open.schema, open.table);
  if (standing === null) return null;
  const left = await lastShipment(open);
  const facts = { path: open.place.shown, table: open.table };
  if (left?.metric !== open.metric) return fail('TARGET_EXISTS', facts, { hint: hints.otherTable });
  if (left.definition !== definitionText(standing)) fail('TARGET_ALTERED', facts, { hint: hints.renameTable });
  return left.token;
}

/** Until the transaction ends, who else wants to do something about the same name waits. */
async function takeTurn({ client }: Open, name: string): Promise<void> {
  await client.query(`SET LOCAL lock_timeout = '30s'`);
  await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`etl ${name}`]);
}

interface LastShipment {
  readonly metric: string;
  readonly token: string;
  readonly definition: string;
}

async function lastShipment(open: Open): Promise<LastShipment | null> {
  const { client, schema, table } = open;
  if ((await readDefinition(client, schema, '_etl_shipped')) === null) return null;
  const sql = `SELECT metric, token, definition FROM ${shipped(open)} WHERE target = $1`;
  const [row] = (await client.query(sql, [table])).rows;
  if (row === undefined) return null;
  const [metric, token, definition] = row.map(String);
  return { metric: metric ?? '', token: token ?? '', definition: definition ?? '' };
}

function shipped({ schema }: Open): string {
  return `${quote(schema)}._etl_shipped`;
}

async function ship(open: Open, shipment: Shipment): Promise<ShippedCount> {
  const { client } = open;
  refuseLong(
    shipment.columns.map((column) => column.name),
    open.place.shown,
  );
  const standing = await readDefinition(client, open.schema, open.table);
  const wanted = definitionFor(shipment.columns, shipment.key);
  const count = await (standing === null
    ? fill(open, wanted, shipment)
    : shipment.isWhole
      ? replace(open, standing, wanted, shipment)
      : change(open, shipment));
  await remember(open, shipment);
  await client.query('COMMIT');
  return count;
}

/** There is no table: it is made, and its key when it is full. */
async function fill({ client, place, name }: Open, wanted: Definition, shipment: Shipment): Promise<ShippedCount> {
  await client.query(createTable('TABLE', name, wanted));
  const rows = await insertAll(client, place, name, shipment);
  await client.query(addKey(name, wanted));
  return { rows, gone: 0 };
}

function insertAll(
  client: PostgresClient,
  place: DatabasePlace,
  name: string,
  { columns, rows }: Shipment,
): Promise<number> {
  const names = columns.map((column) => quote(column.name)).join(', ');
  return sendRows(
    client,
    columns,
    rows,
    place.shown,
    (arrays) => `INSERT INTO ${name} (${names}) SELECT * FROM ${arrays}`,
  );
}

const ALL = 'pg_temp._etl_all';

async function replace(
  open: Open,
  standing: Definition,
  wanted: Definition,
  shipment: Shipment,
): Promise<ShippedCount> {
  const { client, place, name } = open;
  await client.query(createTable('TEMP TABLE', ALL, wanted));
  await insertAll(client, place, ALL, shipment);
  const names = [...wanted.columns.keys()];
  if (definitionText(standing) === definitionText(wanted)) return merge(client, name, names, wanted.key);
  const gone = await client.query(`SELECT count(*) FROM ${name}`);
  await client.query(`TRUNCATE ${name}`);
  for (const sql of alterTable(name, standing, wanted, await keyName(open))) await client.query(sql);
  const list = names.map(quote).join(', ');
  const rows = await client.query(`INSERT INTO ${name} (${list}) SELECT ${list} FROM ${ALL}`);
  return { rows: rows.count, gone: Number(gone.rows[0]?.[0]) };
}

async function merge(
  { query }: PostgresClient,
  name: string,
  names: readonly string[],
  key: readonly string[],
): Promise<ShippedCount> {
  await query(addKey(ALL, { columns: new Map(), key }));
  await query(`ANALYZE ${ALL}`);
  const absent = `NOT EXISTS (SELECT 1 FROM ${ALL} AS a WHERE ${sameKey('a', 't', key)})`;
  const gone = await query(`DELETE FROM ${name} AS t WHERE ${absent}`);
  // As text, for json has no equality.
  const same = names.map((column) => `a.${quote(column)}::text IS NOT DISTINCT FROM t.${quote(column)}::text`);
  const stands = `EXISTS (SELECT 1 FROM ${name} AS t WHERE ${sameKey('a', 't', key)} AND ${same.join(' AND ')})`;
  const columns = names.map((column) => `a.${quote(column)}`).join(', ');
  const rows = await query(upsert(name, names, key, `SELECT ${columns} FROM ${ALL} AS a WHERE NOT ${stands}`));
  return { rows: rows.count, gone: gone.count };
}

/** The name of the primary key's constraint. */
async function keyName({ client, schema, table }: Open): Promise<string | null> {
  const sql = `SELECT conname FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
    JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = $1 AND relname = $2 AND contype = 'p'`;
  return (await client.query(sql, [schema, table])).rows[0]?.[0] ?? null;
}

/** What is gone first: a value that must be unique may move from one row to another. */
async function change({ client, place, name }: Open, shipment: Shipment): Promise<ShippedCount> {
  const { columns, key } = shipment;
  const keyColumns = key.flatMap((each) => columns.filter((column) => column.name === each));
  const names = columns.map((column) => column.name);
  const aliased = (arrays: string) => `${arrays} AS k (${key.map(quote).join(', ')})`;
  const gone = await sendRows(
    client,
    keyColumns,
    shipment.gone,
    place.shown,
    (arrays) => `DELETE FROM ${name} AS t USING ${aliased(arrays)} WHERE ${sameKey('t', 'k', key)}`,
  );
  const rows = await sendRows(client, columns, shipment.rows, place.shown, (arrays) =>
    upsert(name, names, key, `SELECT * FROM ${arrays}`),
  );
  return { rows, gone };
}

async function remember(open: Open, { token, number }: Shipment): Promise<void> {
  const { client, schema, table, metric } = open;
  await takeTurn(open, shipped(open));
  if ((await readDefinition(client, schema, '_etl_shipped')) === null) await client.query(createShipped(shipped(open)));
  const left = await readDefinition(client, schema, table);
  const definition = left === null ? '' : definitionText(left);
  await client.query(
    `INSERT INTO ${shipped(open)} VALUES ($1, $2, $3, $4, $5, now()) ON CONFLICT (target) DO UPDATE
      SET metric = excluded.metric, token = excluded.token, number = excluded.number, definition = excluded.definition,
        shipped_at = excluded.shipped_at`,
    [table, metric, token, String(number), definition],
  );
}

function createShipped(name: string): string {
  return `CREATE TABLE ${name} (target text PRIMARY KEY, metric text NOT NULL, token text NOT NULL,
    number bigint NOT NULL, definition text NOT NULL, shipped_at timestamptz NOT NULL)`;
}

/** A column that others altered has no values to be compared, nor has one that is not shipped yet. */
async function refuseOther(open: Open, standing: Definition, columns: readonly TargetColumn[]): Promise<void> {
  const wanted = [...definitionFor(columns, []).columns];
  if (wanted.every(([column, type]) => standing.columns.get(column) === type)) return;
  const left = await lastShipment(open);
  const facts = { path: open.place.shown, table: open.table };
  if (left?.definition !== definitionText(standing)) fail('TARGET_ALTERED', facts, { hint: hints.renameTable });
  failBehind({ shown: open.place.shown, table: open.table });
}

async function* rowsIn(open: Open, columns: readonly TargetColumn[]): AsyncGenerator<Row> {
  const { client, name, place, table } = open;
  const standing = await readDefinition(client, open.schema, table);
  if (standing === null) fail('TABLE_NOT_FOUND', { name: table }, { data: { file: place.shown } });
  await refuseOther(open, standing, columns);
  const list = columns.map((column) => quote(column.name)).join(', ');
  await client.query(`DECLARE etl_read NO SCROLL CURSOR FOR SELECT ${list} FROM ${name}`);
  for (;;) {
    const { rows } = await client.query(`FETCH ${CHUNK} FROM etl_read`);
    for (const row of rows) yield columns.map(({ type }, n) => readBack(row[n] ?? null, type));
    if (rows.length < CHUNK) return;
  }
}
