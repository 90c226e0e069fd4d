import type { Value } from '../../change.ts';
import { fail } from '../../diagnostic/diagnostic.ts';
import type { Lookback } from '../../mapping/format.ts';

const TIME = /^(\d{4}-\d\d-\d\d)(?:([T ])(\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?$/;

/**
 * The value from which to read again. A time is cut to whole seconds and loses what stands behind them: it is in UTC, and
 * as a text too it comes before all that begin with it. To read a second more costs nothing but time.
 */
export function lookBack(value: Value, lookback: Lookback | null, file: string): Value {
  if (lookback === null || value === null) return value;
  const back = lookback.by === 'time' ? timeBack(value, lookback.amount) : numberBack(value, lookback.amount);
  return back ?? fail('LOOKBACK_MISFIT', { lookback: lookback.by, value: String(value) }, { data: { file } });
}

function timeBack(value: Value, seconds: number): Value {
  const [, date, between, time] = typeof value === 'string' ? (TIME.exec(value) ?? []) : [];
  if (date === undefined) return null;
  const start = Date.parse(`${realDay(date)}T${time ?? '00:00'}Z`);
  // Nothing is before a zero date, and what is no date at all can't be gone back from.
  if (Number.isNaN(start) || start < YEAR_ONE + seconds * 1000) return value;
  const back = new Date(start - seconds * 1000).toISOString();
  return between === undefined ? back.slice(0, 10) : `${back.slice(0, 10)}${between}${back.slice(11, 19)}`;
}

/** Some databases hold days that no calendar has: 2024-00-00 comes before the year, 2024-02-31 behind the first of its month. */
function realDay(date: string): string {
  const day = date.replaceAll(/-00(?=-|$)/g, '-01');
  const found = new Date(`${day}T00:00Z`);
  const isReal = !Number.isNaN(found.getTime()) && found.toISOString().startsWith(day);
  return isReal ? day : `${day.slice(0, -2)}01`;
}

const YEAR_ONE = Date.parse('0001-01-01T00:00Z');

/** A numeric is cut to a whole number, which is further back. */
function numberBack(value: Value, amount: number): Value {
  if (typeof value === 'number') return value - amount;
  if (typeof value === 'bigint') return value - BigInt(amount);
  const [, whole] = typeof value === 'string' ? (/^(-?\d+)(?:\.\d+)?$/.exec(value) ?? []) : [];
  return whole === undefined ? null : String(BigInt(whole) - BigInt(amount) - 1n);
}
