/** Targets elsewhere of the tests' own, and a metric over a log that grows. */
import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { RunOptions } from '../../engine/pipeline/options.ts';
import type { RunResult } from '../../engine/pipeline/result.ts';
import { run } from '../../engine/pipeline/run.ts';
import { compile } from '../../engine/plan/compile.ts';
import { readDatabase } from '../../engine/store/database/database.ts';
import { findState } from '../../engine/store/state/state.ts';
import { type Verification, verifyTarget } from '../../engine/verify/verify.ts';
import { asLines, type LoggedRow } from '../log/log.ts';
import { startPostgres } from '../servers/postgres.ts';
import { mappingOf } from '../support/engine.ts';

/** Must be seen nowhere. */
export const PASSWORD = 'hunter2-seen-nowhere';

export interface TargetServer {
  readonly url: string;
  /** The path of its socket. */
  readonly socket: string;
  query(sql: string): Promise<string[]>;
  /** Forgets all tables. */
  clear(): Promise<void>;
  stop(): void;
}

/** Null where PostgreSQL is not installed. */
export async function startTarget(): Promise<TargetServer | null> {
  const server = startPostgres();
  if (server === null) return null;
  await server.query(`CREATE ROLE etl LOGIN PASSWORD '${PASSWORD}'; GRANT CREATE ON DATABASE postgres TO etl`);
  return {
    url: `postgres://etl:${PASSWORD}@${encodeURIComponent(server.host)}/postgres`,
    socket: join(server.host, '.s.PGSQL.5432'),
    query: (sql) => server.query(sql),
    clear: async () => {
      await server.query(
        'SET client_min_messages = warning; DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION etl',
      );
    },
    stop: () => server.stop(),
  };
}

/** One for all tests of a file or a `describe`, without tables before each of them. */
export function targetForAll(): () => TargetServer | null {
  let server: TargetServer | null = null;
  beforeAll(async () => {
    server = await startTarget();
  }, 60_000);
  beforeEach(() => server?.clear());
  afterAll(() => server?.stop());
  return () => server;
}

/** A metric over a log of a table `item`: its columns or what stands for one in a mapping, the first of them the key. */
export interface ItemMetric {
  readonly folder: string;
  readonly sink: 'postgres' | 'clickhouse';
  readonly url: string;
  readonly columns: readonly string[];
  readonly partitionBy?: string;
  /** Of the table, and of its rows. */
  readonly keep?: string;
  readonly where?: string;
}

/** Appends records to the log. */
export function log({ folder }: ItemMetric, ...records: readonly string[]): void {
  appendFileSync(join(folder, 'wal.json'), asLines(records));
}

export function ship(metric: ItemMetric, options: RunOptions = {}): Promise<RunResult> {
  return run(mappingFor(metric), { env: environment(metric), ...options });
}

export function verify(metric: ItemMetric): Promise<Verification> {
  return verifyTarget(mappingFor(metric), { env: environment(metric) });
}

/** How many rows the metric has in the state; none before the first load has ended. */
export function kept(metric: ItemMetric): number {
  const { STATE } = environment(metric);
  if (!existsSync(STATE)) return 0;
  const db = readDatabase(STATE);
  try {
    const state = findState(db, compile(mappingFor(metric)));
    return Number(state?.extent?.rows ?? 0);
  } finally {
    db.close();
  }
}

export function item(id: number, name: string | null): LoggedRow {
  return [
    ['id', 'bigint', id],
    ['name', 'text', name],
  ];
}

export function keyOf(id: number): LoggedRow {
  return [['id', 'bigint', id]];
}

function mappingFor(metric: ItemMetric) {
  return mappingOf(yamlOf(metric));
}

function yamlOf({ sink, columns, partitionBy, keep, where }: ItemMetric): string {
  return [
    'metric: items',
    `source: { format: wal2json, path: "\${LOG}" }`,
    `tables: { item: { key: id${keep ? `, keep: ${keep}` : ''} } }`,
    'from: item',
    ...(where ? [`where: ${where}`] : []),
    'columns:',
    ...columns.map((column) => (column.startsWith('{') ? `  - ${column}` : `  - item.${column}`)),
    'sink:',
    `  ${sink}: \${TARGET}`,
    `  key: ${columns[0]}`,
    ...(partitionBy ? [`  partition_by: ${partitionBy}`] : []),
    `state: \${STATE}`,
  ].join('\n');
}

function environment({ folder, url }: ItemMetric) {
  return { LOG: join(folder, 'wal.json'), TARGET: url, STATE: join(folder, 'state', 'items.db') };
}
