import Sqlite from 'better-sqlite3';
import type { RunResult } from '../../engine/pipeline/result.ts';
import type { Command, Run } from './measure.ts';

/** The metric that the rivals compute too. */
export const METRIC = 'dashboard_metric';

/** The command that brings metrics up to date, each by its mapping's name, as a user would give it. */
export function etl(log: string, output: string, metrics: readonly string[] = [METRIC]): Command {
  const mappings = metrics.map((metric) => `mappings/${metric}.yaml`);
  return [process.execPath, 'dist/cli.js', 'run', ...mappings, '--input', log, '--output', output, '--json'];
}

/** What a run of the command said of its first metric. */
export function resultOf({ stdout }: Run): RunResult {
  return JSON.parse(stdout).result.metrics[0];
}

/** The rows of the metric in a SQLite file. */
export function* rowsIn(file: string): Generator<unknown> {
  const database = new Sqlite(file, { readonly: true });
  try {
    yield* database.prepare(`SELECT * FROM ${METRIC}`).raw().iterate();
  } finally {
    database.close();
  }
}

/** Takes the metric's table away, so that the next run derives all of it again from the state. */
export function dropTarget(file: string): void {
  const database = new Sqlite(file);
  database.exec(`DROP TABLE ${METRIC}`);
  database.close();
}

/** The version of SQLite that the engine and the rivals write with. */
export function sqliteVersion(): string {
  const database = new Sqlite(':memory:');
  try {
    return String(database.prepare('SELECT sqlite_version()').pluck().get());
  } finally {
    database.close();
  }
}
