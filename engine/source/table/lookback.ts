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
  const back = new Date(Date.parse(`${date}T${time ?? '00:00'}Z`) - seconds * 1000).toISOString();
  return between === undefined ? back.slice(0, 10) : `${back.slice(0, 10)}${between}${back.slice(11, 19)}`;
}

/** A numeric is cut to a whole number, which is further back. */
function numberBack(value: Value, amount: number): Value {
  if (typeof value === 'number') return value - amount;
  if (typeof value === 'bigint') return value - BigInt(amount);
  const [, whole] = typeof value === 'string' ? (/^(-?\d+)(?:\.\d+)?$/.exec(value) ?? []) : [];
  return whole === undefined ? null : String(BigInt(whole) - BigInt(amount) - 1n);
}
