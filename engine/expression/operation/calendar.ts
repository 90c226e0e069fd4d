/** Days of the Gregorian calendar, also before it began, counted from 1970-01-01. The year before 1 is 0. */
export interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** A four-hundred-year cycle has so many days; the algorithm is Howard Hinnant's `days_from_civil`. */
const CYCLE = 146_097;

/** From 0000-03-01, where the cycles start, to 1970-01-01. */
const EPOCH = 719_468;

export function daysOf({ year, month, day }: Day): number {
  // Years that start in March have the leap day at their end.
  const shifted = month > 2 ? year : year - 1;
  const cycle = Math.floor(shifted / 400);
  const inCycle = shifted - cycle * 400;
  const inYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return cycle * CYCLE + inCycle * 365 + Math.floor(inCycle / 4) - Math.floor(inCycle / 100) + inYear - EPOCH;
}

export function dayOf(days: number): Day {
  const cycle = Math.floor((days + EPOCH) / CYCLE);
  const inCycle = days + EPOCH - cycle * CYCLE;
  const leaps = Math.floor(inCycle / 1460) - Math.floor(inCycle / 36_524) + Math.floor(inCycle / 146_096);
  const years = Math.floor((inCycle - leaps) / 365);
  const inYear = inCycle - (365 * years + Math.floor(years / 4) - Math.floor(years / 100));
  const shifted = Math.floor((5 * inYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const day = inYear - Math.floor((153 * shifted + 2) / 5) + 1;
  return { year: years + cycle * 400 + (month > 2 ? 0 : 1), month, day };
}

/** Whether the calendar has such a day. */
export function isDay(day: Day): boolean {
  if (day.month < 1 || day.month > 12 || day.day < 1) return false;
  const { month } = dayOf(daysOf(day));
  return day.day <= 31 && month === day.month;
}
