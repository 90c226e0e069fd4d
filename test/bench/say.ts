export const MEBIBYTE = 2 ** 20;

/** A whole number, its digits in threes. */
export function count(value: number): string {
  return value.toLocaleString('en');
}

export function seconds(value: number): string {
  return said(value, (known) => `${rounded(known, 3)} s`);
}

export function mebibytes(bytes: number): string {
  return said(bytes, (known) => `${(known / MEBIBYTE).toFixed(0)} MiB`);
}

/** How many times something. */
export function times(ratio: number): string {
  return said(ratio, (known) => rounded(known, known < 1 ? 2 : 3));
}

/** With so many digits that mean something, or all before the point. */
function rounded(value: number, digits: number): string {
  return value >= 10 ** digits ? value.toFixed(0) : value.toPrecision(digits);
}

/** A figure that is not there is a dash. */
function said(value: number, text: (known: number) => string): string {
  return Number.isNaN(value) ? '–' : text(value);
}
