import type { Readable } from 'node:stream';
import type { Connection as Client, FieldPacket, Query } from 'mysql2';
import type { HeaderColumn, Literal, Type, Value } from '../../change.ts';
import { codeOf, failDatabase, loadDriver, type Trouble } from '../../server/failure.ts';
import type { DatabasePlace } from '../../server/place.ts';
import { CHUNK, type Chunk, type Connection } from './connection.ts';

/** So long a server may take to answer, in ms. */
const PATIENCE = 10_000;

/** So long a server may take to let go, in ms. */
const LEAVING = 1000;

const SETTINGS = [
  `SET time_zone = '+00:00'`,
  // The client writes values into statements with backslashes before quotes.
  `SET sql_mode = replace(@@sql_mode, 'NO_BACKSLASH_ESCAPES', '')`,
  'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ',
  'START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY',
];

/** Opens a MySQL or MariaDB for reading, in one transaction. */
export async function openMysql(place: DatabasePlace): Promise<Connection> {
  const { createConnection } = await loadDriver('mysql2', place, () => import('mysql2'));
  const client = createConnection({
    uri: place.url.replace(/^mariadb:/, 'mysql:'),
    connectTimeout: PATIENCE,
    charset: 'utf8mb4',
    rowsAsArray: true,
    // Every value as the server writes it.
    typeCast: (field) => field.buffer(),
  });
  // A connection that is lost between two statements is told of by the next one.
  client.on('error', () => {});
  const connected = new Promise<void>((resolve, reject) => {
    client.connect((error) => (error ? reject(error) : resolve()));
  });
  await connected.catch((error: unknown) => failDatabase(openingTrouble(error), error, place));
  try {
    for (const setting of SETTINGS) await said(client, setting, [], place);
  } catch (error) {
    client.destroy();
    throw error;
  }
  return {
    dialect: { schema: null, quote: (name) => `\`${name.replaceAll('`', '``')}\``, value: () => '?' },
    tablesIn: async (schema) => {
      const rows = (await said(client, TABLES, [schema], place)) as readonly (readonly Buffer[])[];
      return rows.map(([name]) => String(name));
    },
    read: (sql, values) => read(client, sql, values, place),
    close: () => closed(client),
  };
}

/** In good order, so that the server holds nothing for this connection any more; at once where it does not answer. */
function closed(client: Client): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(() => {
      client.destroy();
      resolve();
    }, LEAVING);
    client.end(() => {
      clearTimeout(late);
      resolve();
    });
  });
}

const TABLES = 'SELECT table_name FROM information_schema.tables WHERE table_schema = coalesce(?, database())';

/** Says a statement that has few rows or none. */
function said(client: Client, sql: string, values: readonly Value[], place: DatabasePlace): Promise<unknown> {
  const answer = new Promise((resolve, reject) => {
    client.query({ sql, values: [...values] }, (error, rows) => (error ? reject(error) : resolve(rows)));
  });
  return answer.catch((error: unknown) => failDatabase(readingTrouble(error), error, place));
}

async function* read(
  client: Client,
  sql: string,
  values: readonly Value[],
  place: DatabasePlace,
): AsyncGenerator<Chunk> {
  let [types, rows]: [readonly Column[], (readonly Literal[])[]] = [[], []];
  const losing = openLosing(client);
  try {
    const query: Query = client.query({ sql, values: [...values] });
    query.on('fields', (fields: readonly FieldPacket[]) => {
      types = fields.map(columnOf);
    });
    const stream = losing.take(query.stream({ highWaterMark: CHUNK }));
    for await (const row of stream as AsyncIterable<readonly (Buffer | null)[]>) {
      if (!Array.isArray(row)) continue;
      rows.push(row.map((value, n) => value && (types[n] as Column).read(value)));
      if (rows.length < CHUNK) continue;
      yield { columns: types, rows };
      rows = [];
    }
  } catch (error) {
    failDatabase(readingTrouble(error), error, place);
  } finally {
    losing.end();
  }
  if (rows.length > 0) yield { columns: types, rows };
}

/** The client does not tell a stream that its connection is lost: it would wait for ever. */
function openLosing(client: Client) {
  let [stream, lost]: [Readable | null, Error | null] = [null, null];
  const lose = (error: Error) => {
    lost = error;
    stream?.destroy(error);
  };
  client.on('error', lose);
  return {
    take: (rows: Readable): Readable => {
      stream = rows;
      return lost ? rows.destroy(lost) : rows;
    },
    end: () => client.off('error', lose),
  };
}

interface Column extends HeaderColumn {
  readonly read: (bytes: Buffer) => Literal;
}

const UNSIGNED = 32;
const BINARY = 63;

/** https://dev.mysql.com/doc/dev/mysql-server/latest/field__types_8h.html */
function columnOf(field: FieldPacket): Column {
  const { name, columnType = 0, columnLength = 0, flags, characterSet } = field;
  const column = (type: Type, read: Column['read'] = textOf): Column => ({ name, type, read });
  switch (columnType) {
    case 1:
      // BOOLEAN is another name for it.
      return column(columnLength === 1 ? 'boolean' : 'integer');
    case 2:
    case 3:
    case 9:
    case 13:
      return column('integer');
    case 8:
      return column(Number(flags) & UNSIGNED ? 'numeric' : 'integer');
    case 16:
      return column(columnLength === 1 ? 'boolean' : 'numeric', bitsOf);
    case 0:
    case 246:
      return column('numeric');
    case 4:
    case 5:
      return column('double');
    case 7:
      return column('timestamptz', (bytes) => `${timeOf(bytes)}+00`);
    case 12:
      return column('timestamp', timeOf);
    case 10:
    case 14:
      return column('date');
    case 245:
      return column('json');
    case 11:
      return column('text');
    default:
      return characterSet === BINARY ? column('bytes', hexOf) : column('text');
  }
}

function textOf(bytes: Buffer): string {
  return bytes.toString('utf8');
}

/** A fraction as PostgreSQL writes it: without zeros at its end. */
function timeOf(bytes: Buffer): string {
  return textOf(bytes)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}

function bitsOf(bytes: Buffer): string {
  return String(BigInt(`0x${bytes.toString('hex')}`));
}

function hexOf(bytes: Buffer): string {
  return `\\x${bytes.toString('hex')}`;
}

const LOGIN =
  /^ER_(?:ACCESS_DENIED|DBACCESS_DENIED|BAD_DB|ACCOUNT_HAS_BEEN_LOCKED|MUST_CHANGE_PASSWORD|HOST_NOT_PRIVILEGED)/;

function openingTrouble(error: unknown): Trouble {
  return LOGIN.test(codeOf(error)) ? 'login' : 'unreached';
}

function readingTrouble(error: unknown): Trouble {
  const code = codeOf(error);
  if (/^ER_(?:TABLE|COLUMN)ACCESS_DENIED/.test(code)) return 'permission';
  const isLost = !code.startsWith('ER_') || /^ER_(?:SERVER_SHUTDOWN|CONNECTION_KILLED|QUERY_INTERRUPTED)/.test(code);
  return isLost ? 'lost' : 'query';
}
