import { clickhouse } from '../../engine/sql/clickhouse/dialect.ts';
import { startClickhouse } from '../servers/clickhouse.ts';
import type { Contender } from './contender.ts';

/** ClickHouse within this process, null where it is not installed. */
export async function openClickhouse(): Promise<Contender | null> {
  const server = startClickhouse();
  if (server === null) return null;
  const run = async (statements: readonly string[]) => {
    for (const statement of statements) server.query(statement);
  };
  return {
    name: 'ClickHouse',
    // A MergeTree takes longer to make than a test to run.
    dialect: { ...clickhouse, engine: ' ENGINE = Memory' },
    run,
    rows: async (select) => server.query(select) as (string | null)[][],
    alone: async (work) => {
      await run(['CREATE DATABASE alone ENGINE = Memory', 'USE alone']);
      try {
        return await work();
      } finally {
        await run(['USE default', 'DROP DATABASE alone']);
      }
    },
    stop: async () => server.stop(),
  };
}
