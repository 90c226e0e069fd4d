/** Days and instants as PostgreSQL writes them, over the proleptic Gregorian calendar. */
export interface Instant {
  /** Since 1970. */
  readonly micros: bigint;
  /** Whether the text named its zone. */
  readonly zoned: boolean;
}

const TIMESTAMP =
  /^(\d{4,6})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?)?(?: ?(Z|[+-]\d\d(?::?\d\d)?))?$/;
const MINUTE = 60_000_000n;
const DAY = 1440n * MINUTE;

/** Null where the text is no day or timestamp. */
export function parseInstant(written: string): Instant | null {
  const match = TIMESTAMP.exec(written.trim());
  if (!match) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59)
    return null;
  const fraction = BigInt((match[7] ?? '').padEnd(6, '0'));
  const local = BigInt(date.getTime()) * 1000n + BigInt((hour * 60 + minute) * 60 + second) * 1_000_000n + fraction;
  return { micros: local - offset(match[8]), zoned: match[8] !== undefined };
}

function offset(zone: string | undefined): bigint {
  if (zone === undefined || zone === 'Z') return 0n;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = BigInt(digits.slice(0, 2)) * 60n + BigInt(digits.slice(2));
  return (zone.startsWith('-') ? -minutes : minutes) * MINUTE;
}

/** `2024-02-29 07:05:00.25`, in UTC. */
export function timestampText(micros: bigint): string {
  const day = floorDivide(micros, DAY) * DAY;
  const inDay = micros - day;
  const time = new Date(Number(inDay / 1000n)).toISOString().slice(11, 19);
  const fraction = (inDay % 1_000_000n).toString().padStart(6, '0').replace(/0+$/, '');
  return `${dateText(micros)} ${time}${fraction === '' ? '' : `.${fraction}`}`;
}

/** `2024-02-29`, in UTC. */
export function dateText(micros: bigint): string {
  return new Date(Number((floorDivide(micros, DAY) * DAY) / 1000n)).toISOString().slice(0, 10);
}

function floorDivide(a: bigint, b: bigint): bigint {
  return a < 0n && a % b !== 0n ? a / b - 1n : a / b;
}
