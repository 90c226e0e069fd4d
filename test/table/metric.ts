import { join } from 'node:path';
import type { Row } from '../../engine/change.ts';
import type { RunOptions } from '../../engine/pipeline/options.ts';
import type { RunResult } from '../../engine/pipeline/result.ts';
import { run } from '../../engine/pipeline/run.ts';
import { mappingOf, rowsOf } from '../support/engine.ts';

/** A metric over a database: its source in lines of YAML, and the columns of its one table `item`. */
export interface TableMetric {
  readonly folder: string;
  readonly url: string;
  /** Lines of the source behind its format and url. */
  readonly source: readonly string[];
  readonly columns: readonly string[];
  /** Entries of the table behind its key. */
  readonly table?: readonly string[];
}

/** Runs the metric on the state in its folder. */
export function runTable(metric: TableMetric, options: RunOptions = {}): Promise<RunResult> {
  return run(mappingOf(yamlOf(metric)), { output: join(metric.folder, 'metrics.db'), ...options });
}

/** The mapping of the metric. */
export function yamlOf({ url, source, columns, table = [] }: Omit<TableMetric, 'folder'>): string {
  return [
    'metric: items',
    'source:',
    '  format: table',
    `  url: ${url}`,
    ...source.map((line) => `  ${line}`),
    'tables:',
    `  item: { ${['key: id', ...table].join(', ')} }`,
    'from: item',
    'columns:',
    ...columns.map((column) => `  - item.${column}`),
    'sink: { sqlite: metrics.db }',
  ].join('\n');
}

/** The rows of the metric, in the order of their first columns. */
export function itemsIn(folder: string): readonly Row[] {
  return rowsOf(join(folder, 'metrics.db'), 'items').toSorted((a, b) => (String(a) < String(b) ? -1 : 1));
}
