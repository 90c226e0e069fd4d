/** Dates and times as text, and the instants they stand for. The time zone is UTC. */
import { dayOf, daysOf, isDay } from './calendar.ts';
import { refuse, shown } from './operation.ts';
import { trimSpace } from './space.ts';

/** Microseconds from 1970-01-01 00:00 UTC, or an infinity. */
export type Instant = bigint | number;

/** The types that stand for an instant. */
export type TimeType = 'date' | 'timestamp' | 'timestamptz';

export const DAY = 86_400_000_000n;

/** PostgreSQL's first day (Julian day 0), and the first one behind its last date and its last timestamp. */
const FIRST = -2_440_588;
const BEHIND_DATES = 2_147_483_494 - 2_440_588;
const BEHIND_TIMES = 9_223_371_331_200_000_000n + 946_684_800_000_000n;

/** No time that PostgreSQL prints is longer. */
const LONGEST = 64;

const TIME = new RegExp(
  String.raw`^(?<year>\d{4,7})-(?<month>\d{1,2})-(?<day>\d{1,2})` +
    String.raw`(?:(?:[ \t]+|T)(?<hour>\d{1,2}):(?<minute>\d{1,2})(?::(?<second>\d{1,2})(?:\.(?<fraction>\d*))?)?` +
    String.raw`(?:[ \t]*(?<zone>Z|UTC|GMT|[+-]\d{1,2}(?::?\d{2}(?::?\d{2})?)?))?)?` +
    String.raw`(?:[ \t]+(?<era>BC|AD))?$`,
  'i',
);

/**
 * Reads a date or time in ISO form, as PostgreSQL reads it for a type: a date drops the time of day, and only a
 * timestamptz minds the offset.
 */
export function readTime(text: string, type: TimeType): Instant {
  const instant = parse(text, type);
  return inRange(instant, type) ? instant : refuse('VALUE_OUT_OF_RANGE', { value: shown(text), type });
}

/** The instant that a stored value stands for, whichever of the three types it has. */
export function instantIn(text: string): Instant {
  // Not held against the range of a timestamp: dates go further.
  return parse(text, 'timestamptz');
}

/** As PostgreSQL prints it. */
export function printTime(instant: Instant, type: TimeType): string {
  if (typeof instant === 'number') return instant < 0 ? '-infinity' : 'infinity';
  if (!inRange(instant, type)) refuse('OUT_OF_RANGE', { type });
  const days = dayNumber(instant);
  const { year, month, day } = dayOf(days);
  const date = [String(year > 0 ? year : 1 - year).padStart(4, '0'), padded(month), padded(day)].join('-');
  const time = type === 'date' ? '' : ` ${printTimeOfDay(instant - BigInt(days) * DAY)}`;
  return `${date}${time}${type === 'timestamptz' ? '+00' : ''}${year > 0 ? '' : ' BC'}`;
}

/** Days from 1970-01-01 to the day of an instant. */
export function dayNumber(instant: bigint): number {
  const days = instant / DAY;
  return Number(days * DAY > instant ? days - 1n : days);
}

function parse(text: string, type: TimeType): Instant {
  const trimmed = trimSpace(text);
  const infinite = /^([+-]?)infinity$/i.exec(trimmed);
  if (infinite) return infinite[1] === '-' ? -Infinity : Infinity;
  const parts = trimmed.length > LONGEST ? undefined : TIME.exec(trimmed)?.groups;
  if (parts === undefined) return refuse('BAD_CAST', { value: shown(text), type });
  return instantOf(parts, type) ?? refuse('VALUE_OUT_OF_RANGE', { value: shown(text), type });
}

function instantOf(parts: Record<string, string | undefined>, type: TimeType): bigint | null {
  const [hour, minute, second] = [Number(parts.hour ?? 0), Number(parts.minute ?? 0), Number(parts.second ?? 0)];
  const written = Number(parts.year);
  const before = parts.era?.toUpperCase() === 'BC';
  const day = { year: before ? 1 - written : written, month: Number(parts.month), day: Number(parts.day) };
  const fraction = microseconds(parts.fraction);
  // 24:00:00 is the start of the next day, and a leap second is the start of the next minute.
  const isSecond = second < 60 || (second === 60 && fraction === 0);
  const isTime = minute < 60 && isSecond && (hour < 24 || (hour === 24 && minute + second + fraction === 0));
  const offset = offsetOf(parts.zone);
  if (written === 0 || !isDay(day) || !isTime || offset === null) return null;
  const start = BigInt(daysOf(day)) * DAY;
  if (type === 'date') return start;
  const seconds = BigInt((hour * 60 + minute) * 60 + second - (type === 'timestamptz' ? offset : 0));
  return start + seconds * 1_000_000n + BigInt(fraction);
}

/** Rounded as PostgreSQL does, by way of a double and a half to the even one. */
function microseconds(fraction = ''): number {
  const exact = Number(`0.${fraction || '0'}`) * 1_000_000;
  const floor = Math.floor(exact);
  return exact - floor === 0.5 ? floor + (floor % 2) : Math.round(exact);
}

/** Seconds east of UTC, null where no zone is so far away. */
function offsetOf(zone = 'Z'): number | null {
  const parts = /^([+-])(\d{1,2}):?(\d{2})?:?(\d{2})?$/.exec(zone);
  if (parts === null) return 0;
  const [hours, minutes, seconds] = [Number(parts[2]), Number(parts[3] ?? 0), Number(parts[4] ?? 0)];
  if (hours > 15 || minutes > 59 || seconds > 59) return null;
  return ((hours * 60 + minutes) * 60 + seconds) * (parts[1] === '-' ? -1 : 1);
}

function inRange(instant: Instant, type: TimeType): boolean {
  if (typeof instant === 'number') return true;
  if (instant < BigInt(FIRST) * DAY) return false;
  return type === 'date' ? dayNumber(instant) < BEHIND_DATES : instant < BEHIND_TIMES;
}

function printTimeOfDay(microseconds: bigint): string {
  const seconds = Number(microseconds / 1_000_000n);
  const fraction = String(microseconds % 1_000_000n)
    .padStart(6, '0')
    .replace(/0+$/, '');
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(padded);
  return parts.join(':') + (fraction && `.${fraction}`);
}

function padded(part: number): string {
  return String(part).padStart(2, '0');
}
