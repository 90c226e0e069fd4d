/** What the answers for people share: lines, numbers, amounts. */

/** A line of an answer, behind the step that it tells of. */
export function line(step: string, text: string): string {
  return `  ${step.padEnd(8)}${text}`;
}

export function count(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

export function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}

export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

/** A time, in UTC. */
export function when(at: Date): string {
  return at.toISOString().replace('T', ' ').replace(/\..*/, 'Z');
}
