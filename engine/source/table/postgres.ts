import type { HeaderColumn, Type, Value } from '../../change.ts';
import type { DatabasePlace } from '../../server/place.ts';
import { connectPostgres, type PostgresClient, type PostgresResult } from '../../server/postgres.ts';
import { quote } from '../../sql/dialect.ts';
import { CHUNK, type Chunk, type Connection } from './connection.ts';

/** Opens a PostgreSQL for reading, in one transaction. */
export async function openPostgres(place: DatabasePlace): Promise<Connection> {
  const client = await connectPostgres(place, 'query');
  try {
    await client.begin('ISOLATION LEVEL REPEATABLE READ, READ ONLY');
  } catch (error) {
    await client.close();
    throw error;
  }
  return {
    dialect: { schema: 'public', quote, value: (n) => `$${n}` },
    tablesIn: async (schema) => (await client.query(TABLES, [schema ?? 'public'])).rows.map(([name]) => String(name)),
    read: (sql, values) => read(client, sql, values),
    close: () => client.close(),
  };
}

const TABLES = `SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
  WHERE nspname = $1 AND relkind IN ('r', 'v', 'm', 'f', 'p')`;

/** By a cursor, so that no more than a chunk is held. */
async function* read({ query }: PostgresClient, sql: string, values: readonly Value[]): AsyncGenerator<Chunk> {
  await query(`DECLARE etl_read NO SCROLL CURSOR FOR ${sql}`, values);
  for (;;) {
    const { fields, rows } = await query(`FETCH ${CHUNK} FROM etl_read`);
    if (rows.length > 0) yield { columns: fields.map(columnOf), rows };
    if (rows.length < CHUNK) break;
  }
  await query('CLOSE etl_read');
}

function columnOf({ name, dataTypeID }: PostgresResult['fields'][number]): HeaderColumn {
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
