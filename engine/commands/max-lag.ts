import { type Diagnostic, diagnose, fail } from '../diagnostic/diagnostic.ts';
import { plural, size } from '../diagnostic/quantity.ts';
import type { Status } from '../pipeline/status.ts';

/** The most that may be unread. */
export interface MaxLag {
  readonly of: 'records' | 'bytes' | 'seconds';
  readonly most: number;
  /** As it was written. */
  readonly text: string;
}

const UNITS = new Map<string, readonly [MaxLag['of'], number]>([
  ['', ['records', 1]],
  ['B', ['bytes', 1]],
  ['kB', ['bytes', 1e3]],
  ['MB', ['bytes', 1e6]],
  ['GB', ['bytes', 1e9]],
  ['s', ['seconds', 1]],
  ['m', ['seconds', 60]],
  ['h', ['seconds', 3600]],
  ['d', ['seconds', 86_400]],
]);

/** Throws an EtlError for a text that is no lag. */
export function readMaxLag(text: string): MaxLag {
  const [, number = '', unit = ''] = /^(\d+)([a-zA-Z]*)$/.exec(text) ?? [];
  const found = number === '' ? undefined : UNITS.get(unit);
  if (found) return { of: found[0], most: Number(number) * found[1], text };
  return fail('BAD_FLAG', { flag: '--max-lag', expected: 'records (1000), bytes (10MB) or a time (5m)', value: text });
}

/** A finding where more is unread than may be, or a part can't be read; none where all is well. `now` is the time that it is. */
export function lagFindings(max: MaxLag, status: Status, now: Date): readonly Diagnostic[] {
  const { metric, sources, committed } = status;
  const lags = sources.flatMap(({ lag }) => lag ?? []);
  const [bytes, records] = [sum(lags.map((lag) => lag.bytes)), sum(lags.map((lag) => lag.records))];
  const late = (lag: string | null, seconds: number | null = null) => {
    return [diagnose('LAG_TOO_LARGE', { metric, lag, seconds, most: max.text })];
  };
  if (lags.some(({ stopped }) => stopped !== null)) return late(null);
  switch (max.of) {
    case 'records':
      return records > max.most ? late(plural(records, 'record')) : [];
    case 'bytes':
      return bytes > max.most ? late(size(bytes)) : [];
    case 'seconds': {
      const seconds = Math.floor((now.getTime() - (committed?.getTime() ?? 0)) / 1000);
      return records > 0 && seconds > max.most ? late(size(bytes), seconds) : [];
    }
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
