import { madePath } from '../expression/grouping.ts';
import type { Plan, Scan } from './plan.ts';

/** A relation that the engine makes itself, of rows that it computed: no table of a source stands behind it. */
export function madeScan({ root }: Plan, alias: string, columns: readonly string[]): Scan {
  return {
    ...root,
    alias,
    tables: [],
    key: [],
    columns: columns.map((name) => ({ path: madePath(name), type: null })),
    filter: null,
  };
}

/** Each of its rows makes one row of the metric. */
export function isMade(scan: Scan): boolean {
  return scan.tables.length === 0;
}
