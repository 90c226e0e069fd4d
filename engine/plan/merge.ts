import { pathText, wholeColumn } from '../expression/paths.ts';
import { scansOf } from './compile.ts';
import type { Plan, Scan, ScanColumn } from './plan.ts';
import { readsOf } from './reads.ts';

/** What plans scan, the same rows once. */
export interface Merged {
  /** Each with the columns of all who scan its rows: those of the key first, then what any of them uses. */
  readonly scans: readonly Scan[];
  /** For each scan of the plans, in their order: where it is among these. */
  readonly places: readonly MergedPlace[];
}

interface MergedPlace {
  /** The merged scan. */
  readonly scan: number;
  /** For each column, its number in the merged one. */
  readonly numbers: readonly number[];
}

/** Makes one scan of those that are of the same rows. All of them can be merged. */
export function merge(all: readonly Scan[]): Merged {
  const keys = all.map(rowsKey);
  const distinctKeys = [...new Set(keys)];
  const scans = distinctKeys.map((key) => mergeScans(all.filter((_, n) => keys[n] === key)));
  const places = all.map(({ columns }, n) => {
    const scan = distinctKeys.indexOf(keys[n] as string);
    const merged = (scans[scan] as Scan).columns.map(columnKey);
    return { scan, numbers: columns.map((column) => merged.indexOf(columnKey(column))) };
  });
  return { scans, places };
}

/**
 * Whether scans can be merged with others. Where rows have no key they are known by all columns; what a version is made of
 * comes first; where every column is kept, nobody knows yet which there are; and of two aliases of one table, each may know
 * a row that the other can't.
 */
function areMergeable(scans: readonly Scan[]): boolean {
  const isPlain = ({ key, version, keepsAll }: Scan) => key.length > 0 && version === null && !keepsAll;
  return scans.every(isPlain) && new Set(scans.map(rowsKey)).size === scans.length;
}

/** Equal for scans of the same rows, known by the same key. */
function rowsKey(scan: Scan): string {
  const { key } = scan;
  const paths = key.map((column) => pathText(wholeColumn(column)));
  const keyColumns = scan.columns.filter(({ path }) => paths.includes(pathText(path)));
  return JSON.stringify([readsOf(scan), key, keyColumns.map(columnKey)]);
}

/** Whether all that two plans scan can be merged, and some of it is the same. */
export function canMerge(a: Plan, b: Plan): boolean {
  const [scans, others] = [scansOf(a), scansOf(b)];
  const keys = scans.map(rowsKey);
  return areMergeable(scans) && areMergeable(others) && others.some((scan) => keys.includes(rowsKey(scan)));
}

function mergeScans(scans: readonly Scan[]): Scan {
  const [first] = scans as readonly [Scan];
  if (scans.length === 1) return first;
  const used = distinct(scans.flatMap((scan) => scan.columns.slice(0, scan.used)));
  const columns = distinct([...used, ...scans.flatMap((scan) => scan.columns)]);
  return { ...first, columns, used: used.length, filter: null, checks: [] };
}

/** Of another declared type a column is another one. */
function columnKey({ path, type }: ScanColumn): string {
  return JSON.stringify([pathText(path), type]);
}

function distinct(columns: readonly ScanColumn[]): readonly ScanColumn[] {
  return [...new Map(columns.map((column) => [columnKey(column), column])).values()];
}
