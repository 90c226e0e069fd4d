import { dayOf } from './calendar.ts';
import { DAY, dayNumber, type Instant, instantIn, printTime } from './instant.ts';
import { integer, type Operation, operation, type Reader, refuse, text } from './operation.ts';

const instant: Reader<Instant> = (value) => instantIn(text(value));

/** Arithmetic of dates, and the parts of any date or time in UTC. */
export const times: Readonly<Record<string, Operation>> = {
  add_date: operation([instant, integer], addDays),
  subtract_date: operation([instant, integer], (date, days) => addDays(date, -days)),
  days_between: operation([instant, instant], (a, b) =>
    BigInt(dayNumber(finite(a, '"-"')) - dayNumber(finite(b, '"-"'))),
  ),
  year: operation([instant], (time) => {
    const { year } = dayOf(dayNumber(finite(time, 'year')));
    // There is no year 0: PostgreSQL says 1 BC as -1.
    return BigInt(year > 0 ? year : year - 1);
  }),
  month: operation([instant], (time) => part(time, (day) => dayOf(day).month)),
  day: operation([instant], (time) => part(time, (day) => dayOf(day).day)),
  hour: operation([instant], (time) => part(time, (_, ofDay) => Number(ofDay / 3_600_000_000n))),
};

function addDays(date: Instant, days: bigint): string {
  if (typeof date === 'number') return printTime(date, 'date');
  return printTime(date + days * DAY, 'date');
}

/** Of an infinite time every part that comes again is NULL. */
function part(time: Instant, of: (day: number, ofDay: bigint) => number): bigint | null {
  if (typeof time === 'number') return null;
  const day = dayNumber(time);
  return BigInt(of(day, time - BigInt(day) * DAY));
}

function finite(time: Instant, name: string): bigint {
  return typeof time === 'bigint' ? time : refuse('NOT_FINITE', { value: printTime(time, 'date'), name });
}
