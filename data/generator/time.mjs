/** Microseconds in a second, the unit of all times here. */
export const SECOND = 1_000_000;

/**
 * As PostgreSQL writes a timestamp: no zone, no zeros at the end of the fraction.
 *
 * @param {number} at Microseconds since 1970.
 */
export function timestamp(at) {
  const seconds = new Date(Math.floor(at / SECOND) * 1000).toISOString().slice(0, 19).replace('T', ' ');
  const fraction = String(at % SECOND)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return fraction === '' ? seconds : `${seconds}.${fraction}`;
}
