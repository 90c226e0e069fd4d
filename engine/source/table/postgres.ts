import type { Client, FieldDef } from 'pg';
import type { HeaderColumn, Type, Value } from '../../change.ts';
import { quote } from '../../sql/dialect.ts';
import { CHUNK, type Chunk, type Connection } from './connection.ts';
import { codeOf, failDatabase, loadDriver, type Trouble } from './failure.ts';
import type { DatabasePlace } from './place.ts';

/** So long a server may take to answer, in ms. */
const PATIENCE = 10_000;

/** What a session says before it reads: values are to be written as a change log has them, whoever set up the server. */
const SETTINGS = [
  'BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY',
  `SET LOCAL timezone = 'UTC'`,
  `SET LOCAL datestyle = 'ISO, YMD'`,
  `SET LOCAL intervalstyle = 'postgres'`,
  `SET LOCAL bytea_output = 'hex'`,
  'SET LOCAL extra_float_digits = 1',
];

/** Opens a PostgreSQL for reading, in one transaction. */
export async function openPostgres(place: DatabasePlace): Promise<Connection> {
  const { Client } = await loadDriver('pg', place, () => import('pg'));
  const client = new Client({
    connectionString: place.url,
    connectionTimeoutMillis: PATIENCE,
    keepAlive: true,
    application_name: 'etl',
    // Every value as the server writes it.
    types: { getTypeParser: () => (value: string) => value },
  });
  // A connection that is lost between two statements is told of by the next one.
  client.on('error', () => {});
  await client.connect().catch((error: unknown) => failDatabase(openingTrouble(error), error, place));
  const query = (sql: string, values: readonly Value[] = []) =>
    client
      .query({ text: sql, values: [...values], rowMode: 'array' })
      .catch((error: unknown) => failDatabase(readingTrouble(error), error, place));
  try {
    for (const setting of SETTINGS) await query(setting);
  } catch (error) {
    await closed(client);
    throw error;
  }
  return {
    dialect: { schema: 'public', quote, value: (n) => `$${n}` },
    tablesIn: async (schema) => (await query(TABLES, [schema ?? 'public'])).rows.map(([name]) => String(name)),
    read: (sql, values) => read(query, sql, values),
    close: () => closed(client),
  };
}

const TABLES = `SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
  WHERE nspname = $1 AND relkind IN ('r', 'v', 'm', 'f', 'p')`;

type Query = (
  sql: string,
  values?: readonly Value[],
) => Promise<{ readonly fields: readonly FieldDef[]; readonly rows: readonly (readonly (string | null)[])[] }>;

/** By a cursor, so that no more than a chunk is held. */
async function* read(query: Query, sql: string, values: readonly Value[]): AsyncGenerator<Chunk> {
  await query(`DECLARE etl_read NO SCROLL CURSOR FOR ${sql}`, values);
  for (;;) {
    const { fields, rows } = await query(`FETCH ${CHUNK} FROM etl_read`);
    if (rows.length > 0) yield { columns: fields.map(columnOf), rows };
    if (rows.length < CHUNK) break;
  }
  await query('CLOSE etl_read');
}

function columnOf({ name, dataTypeID }: FieldDef): HeaderColumn {
  return { name, type: TYPES.get(dataTypeID) ?? 'text' };
}

/** By the numbers that PostgreSQL's own types have in every database. Of a domain the server tells what it is over. */
const TYPES = new Map<number, Type>([
  [16, 'boolean'],
  [17, 'bytes'],
  [20, 'integer'],
  [21, 'integer'],
  [23, 'integer'],
  [26, 'integer'],
  [114, 'json'],
  [700, 'double'],
  [701, 'double'],
  [1042, 'character'],
  [1082, 'date'],
  [1114, 'timestamp'],
  [1184, 'timestamptz'],
  [1700, 'numeric'],
  [2950, 'uuid'],
  [3802, 'json'],
]);

async function closed(client: Client): Promise<void> {
  await client.end().catch(() => {});
}

/** SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html */
function openingTrouble(error: unknown): Trouble {
  const code = codeOf(error);
  // Without a password the client itself refuses, and gives no code.
  const isLogin = /^(?:28|3D|42501)/.test(code) || (error instanceof Error && /^SASL/.test(error.message));
  return isLogin ? 'login' : 'unreached';
}

function readingTrouble(error: unknown): Trouble {
  const code = codeOf(error);
  if (code === '42501') return 'permission';
  // What is not said by the server is said by the client, of a connection that is gone; 57P is a server that shuts down.
  return /^[0-9A-Z]{5}$/.test(code) && !/^(?:08|57P|EPIPE)/.test(code) ? 'query' : 'lost';
}
