import type { Client } from 'pg';
import { codeOf, failDatabase, loadDriver, type Trouble } from './failure.ts';
import type { DatabasePlace } from './place.ts';

/** So long a server may take to answer, in ms. */
const PATIENCE = 10_000;

/** What a session says first: values are to be written as a change log has them, whoever set up the server. */
const SETTINGS = [
  `SET LOCAL timezone = 'UTC'`,
  `SET LOCAL datestyle = 'ISO, YMD'`,
  `SET LOCAL intervalstyle = 'postgres'`,
  `SET LOCAL bytea_output = 'hex'`,
  'SET LOCAL extra_float_digits = 1',
];

/** A connection to a PostgreSQL. What the server refuses is an EtlError that names its place. */
export interface PostgresClient {
  /** Begins a transaction, in which values are written as a change log has them. */
  begin(mode: string): Promise<void>;
  query(sql: string, values?: readonly unknown[]): Promise<PostgresResult>;
  close(): Promise<void>;
}

export interface PostgresResult {
  /** The columns, with the numbers that PostgreSQL's own types have in every database. */
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
  /** Every value as the server writes it. */
  readonly rows: readonly (readonly (string | null)[])[];
  /** Rows that the statement wrote or gave. */
  readonly count: number;
}

/** Connects to a PostgreSQL; `refusal` is what is wrong where it does not take a statement. */
export async function connectPostgres(place: DatabasePlace, refusal: 'query' | 'rows'): Promise<PostgresClient> {
  const { Client } = await loadDriver('pg', place, () => import('pg'));
  const client = new Client({
    connectionString: place.url,
    connectionTimeoutMillis: PATIENCE,
    keepAlive: true,
    application_name: 'etl',
    types: { getTypeParser: () => (value: string) => value },
  });
  // A connection that is lost between two statements is told of by the next one.
  client.on('error', () => {});
  await client.connect().catch((error: unknown) => failDatabase(openingTrouble(error), error, place));
  const query: PostgresClient['query'] = async (sql, values = []) => {
    const { fields, rows, rowCount } = await client
      .query({ text: sql, values: [...values], rowMode: 'array' })
      .catch((error: unknown) => failDatabase(troubleOf(error, refusal), error, place));
    return { fields, rows, count: rowCount ?? 0 };
  };
  return {
    begin: async (mode) => {
      await query(`BEGIN TRANSACTION ${mode}`);
      for (const setting of SETTINGS) await query(setting);
    },
    query,
    close: () => closed(client),
  };
}

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

function troubleOf(error: unknown, refusal: Trouble): Trouble {
  const code = codeOf(error);
  if (code === '42501') return 'permission';
  // Of 40 a transaction was undone for another one, of 53 the server has no room, 55P03 is a lock that it did not get.
  if (/^(?:40|53|55P03)/.test(code)) return 'busy';
  // What is not said by the server is said by the client, of a connection that is gone; 57P is a server that shuts down.
  return /^[0-9A-Z]{5}$/.test(code) && !/^(?:08|57P|EPIPE)/.test(code) ? refusal : 'lost';
}
