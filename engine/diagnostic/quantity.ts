/** Amounts and times, as people read them. */

/** `1,000` */
export function count(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 row`, `1,000 rows` */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** `0.25 s` */
export function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}

/** `1.5 MB` */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

/** A time, in UTC. */
export function when(at: Date): string {
  return at.toISOString().replace('T', ' ').replace(/\..*/, 'Z');
}
