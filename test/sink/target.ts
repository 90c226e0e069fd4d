/** A PostgreSQL to write to, and a metric over a log that grows. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunOptions } from '../../engine/pipeline/options.ts';
import type { RunResult } from '../../engine/pipeline/result.ts';
import { run } from '../../engine/pipeline/run.ts';
import { type Verification, verifyTarget } from '../../engine/verify/verify.ts';
import { asLines, type LoggedRow } from '../log/log.ts';
import { startPostgres } from '../servers/postgres.ts';
import { mappingOf } from '../support/engine.ts';

/** Must be seen nowhere. */
export const PASSWORD = 'hunter2-seen-nowhere';

export interface TargetServer {
  readonly url: string;
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
    query: (sql) => server.query(sql),
    clear: async () => {
      await server.query(
        'SET client_min_messages = warning; DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION etl',
      );
    },
    stop: () => server.stop(),
  };
}

/** A metric over a log of a table `item`: its columns, the first of them the key. */
export interface ItemMetric {
  readonly folder: string;
  readonly url: string;
  readonly columns: readonly string[];
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

export function item(id: number, name: string | null): LoggedRow {
  return [
    ['id', 'bigint', id],
    ['name', 'text', name],
  ];
}

export function keyOf(id: number): LoggedRow {
  return [['id', 'bigint', id]];
}

function mappingFor({ columns }: ItemMetric) {
  return mappingOf(yamlOf(columns));
}

export function yamlOf(columns: readonly string[]): string {
  return [
    'metric: items',
    `source: { format: wal2json, path: "\${LOG}" }`,
    'tables: { item: { key: id } }',
    'from: item',
    'columns:',
    ...columns.map((column) => `  - item.${column}`),
    `sink: { postgres: "\${TARGET}", key: ${columns[0]} }`,
    `state: \${STATE}`,
  ].join('\n');
}

function environment({ folder, url }: ItemMetric) {
  return { LOG: join(folder, 'wal.json'), TARGET: url, STATE: join(folder, 'state', 'items.db') };
}
