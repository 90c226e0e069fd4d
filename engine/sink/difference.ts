import type { Row, Value } from '../change.ts';

/** A row of the target and its rowid. */
export interface Standing {
  readonly id: bigint;
  readonly row: Row;
}

/** What has to go and to come so that the rows that stand are the fresh ones. */
export interface Difference {
  readonly gone: readonly Standing[];
  readonly come: readonly Row[];
  readonly kept: readonly Standing[];
}

/** Compares two bags of rows, value by value with their storage class: 1 and 1.0 differ, as they would on a screen. */
export function difference(fresh: readonly Row[], standing: readonly Standing[]): Difference {
  const left = new Map<string, Standing[]>();
  for (const each of standing) push(left, rowText(each.row), each);
  const come: Row[] = [];
  const kept: Standing[] = [];
  for (const row of fresh) {
    const found = left.get(rowText(row))?.pop();
    if (found) kept.push(found);
    else come.push(row);
  }
  return { gone: [...left.values()].flat(), come, kept };
}

/** Adds to the list that a map holds under a key. */
function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}

/** The same text exactly for rows of equal values in equal storage classes. */
export function rowText(row: Row): string {
  return row.map(valueText).join('');
}

function valueText(value: Value): string {
  if (value === null) return 'n;';
  if (typeof value === 'bigint') return `i${value};`;
  if (typeof value === 'number') return `r${value};`;
  if (typeof value === 'string') return `t${value.length}:${value}`;
  return `b${Buffer.from(value).toString('hex')};`;
}
