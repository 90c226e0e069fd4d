import { existsSync } from 'node:fs';
import type { HeaderColumn, Literal, Type, Value } from '../../change.ts';
import { EtlError, fail } from '../../diagnostic/diagnostic.ts';
import { failDatabase } from '../../server/failure.ts';
import type { DatabasePlace } from '../../server/place.ts';
import { quote } from '../../sql/dialect.ts';
import { type Database, readDatabase, sqliteCode } from '../../store/database/database.ts';
import { CHUNK, type Chunk, type Connection } from './connection.ts';

/** Opens a SQLite file for reading, all of it as it is when the first row is read. */
export async function openSqlite(place: DatabasePlace): Promise<Connection> {
  const path = place.shown;
  if (!existsSync(path)) fail('FILE_NOT_FOUND', { pattern: false }, { data: { file: path } });
  const db = explaining(place, () => open(path));
  return {
    dialect: { schema: null, quote, value: () => '?' },
    tablesIn: async () => explaining(place, () => namesIn(db)),
    read: (sql, values) => read(db, sql, values, place),
    close: async () => {
      db.close();
    },
  };
}

function open(path: string): Database {
  const db = readDatabase(path);
  db.exec('BEGIN');
  return db;
}

function namesIn(db: Database): readonly string[] {
  return db.prepare(`SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')`).pluck().all() as string[];
}

async function* read(db: Database, sql: string, values: readonly Value[], place: DatabasePlace): AsyncGenerator<Chunk> {
  const statement = explaining(place, () => db.prepare(sql).raw());
  const columns = statement.columns().map(({ name, type }): HeaderColumn => ({ name, type: typeOf(type) }));
  const rows = statement.iterate(...values) as IterableIterator<readonly Value[]>;
  try {
    for (;;) {
      const chunk = explaining(place, () => take(rows, CHUNK));
      if (chunk.length > 0) yield { columns, rows: chunk };
      if (chunk.length < CHUNK) return;
    }
  } finally {
    rows.return?.();
  }
}

function take(rows: Iterator<readonly Value[]>, count: number): readonly (readonly Literal[])[] {
  const taken: (readonly Literal[])[] = [];
  while (taken.length < count) {
    const { done, value } = rows.next();
    if (done) break;
    taken.push(value.map(literalOf));
  }
  return taken;
}

/** A value of SQLite as a source says it. */
export function literalOf(value: Value): Literal {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'object') return `\\x${Buffer.from(value).toString('hex')}`;
  return { json: String(value) };
}

/** What a declared type says, as SQLite itself reads one: by what it contains. A computed column has none. */
function typeOf(declared: string | null): Type | null {
  const name = declared?.toLowerCase() ?? '';
  return TYPES.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}

const TYPES: readonly (readonly [pattern: RegExp, type: Type])[] = [
  [/^bool/, 'boolean'],
  [/^uuid/, 'uuid'],
  [/^json/, 'json'],
  [/^(?:timestamptz|timestamp with time zone)/, 'timestamptz'],
  [/^(?:datetime|timestamp)/, 'timestamp'],
  [/^date/, 'date'],
  [/^interval|^point/, 'text'],
  [/int/, 'integer'],
  [/char|clob|text/, 'text'],
  [/blob|bytea/, 'bytes'],
  [/real|floa|doub/, 'double'],
  [/numeric|decimal|money/, 'numeric'],
];

function explaining<T>(place: DatabasePlace, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof EtlError) {
      const [finding] = error.diagnostics;
      fail('FILE_NOT_READABLE', { reason: finding?.message ?? '' }, { data: { file: place.shown } });
    }
    const code = sqliteCode(error);
    if (code === null) throw error;
    if (code === 'SQLITE_ERROR') failDatabase('query', error, place);
    fail('FILE_NOT_READABLE', { reason: (error as Error).message }, { data: { file: place.shown } });
  }
}
