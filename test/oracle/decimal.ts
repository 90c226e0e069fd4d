/** An exact decimal, `units / 10^scale`. The scale counts: how far a quotient goes depends on it. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** Null where the text is no decimal number. */
export function parseDecimal(text: string): Decimal | null {
  const match = NUMBER.exec(text);
  if (!match) return null;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  if (whole + fraction === '') return null;
  const units = BigInt(sign + whole + fraction);
  const scale = fraction.length - Number(exponent);
  return scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 };
}

export function ofInteger(units: bigint): Decimal {
  return { units, scale: 0 };
}

/** With all digits of its scale: `1.50`. */
export function decimalText({ units, scale }: Decimal): string {
  const digits = absolute(units)
    .toString()
    .padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const sign = units < 0n ? '-' : '';
  return scale === 0 ? sign + whole : `${sign}${whole}.${digits.slice(-scale)}`;
}

/** The same number for equal values: no zeros at the end of its fraction. */
export function trimmed(decimal: Decimal): Decimal {
  let { units, scale } = decimal;
  while (scale > 0 && units % 10n === 0n) {
    units /= 10n;
    scale--;
  }
  return { units, scale };
}

/** The same text for equal values: `1.5`, no sign of zero. */
export function canonicalDecimal(decimal: Decimal): string {
  return decimalText(trimmed(decimal));
}

/** How many digits a number needs, not counting the zeros around them. */
export function significantDigits(decimal: Decimal): number {
  return absolute(decimal.units).toString().replace(/0+$/, '').length;
}

export function compareDecimals(a: Decimal, b: Decimal): number {
  const [left, right] = align(a, b);
  return left < right ? -1 : left > right ? 1 : 0;
}

export function add(a: Decimal, b: Decimal): Decimal {
  const [left, right, scale] = align(a, b);
  return { units: left + right, scale };
}

export function negate({ units, scale }: Decimal): Decimal {
  return { units: -units, scale };
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return { units: a.units * b.units, scale: a.scale + b.scale };
}

/** The remainder has the sign of the dividend. */
export function remainder(a: Decimal, b: Decimal): Decimal {
  const [left, right, scale] = align(a, b);
  return { units: left % right, scale };
}

/** Digits behind the point as PostgreSQL chooses them: `select_div_scale` in its numeric.c. */
export function divide(a: Decimal, b: Decimal): Decimal {
  const [dividend, divisor] = [firstDigit(a), firstDigit(b)];
  const weight = dividend.weight - divisor.weight - (dividend.digit <= divisor.digit ? 1 : 0);
  const scale = Math.min(1000, Math.max(16 - weight * 4, a.scale, b.scale, 0));
  const shift = scale - a.scale + b.scale;
  const numerator = a.units * 10n ** BigInt(Math.max(shift, 0));
  return { units: halfAway(numerator, b.units * 10n ** BigInt(Math.max(-shift, 0))), scale };
}

/** Rounds half away from zero; a negative number of places rounds before the point. */
export function roundTo(decimal: Decimal, places: number): Decimal {
  const scale = Math.max(places, 0);
  if (places >= decimal.scale) return { units: decimal.units * 10n ** BigInt(places - decimal.scale), scale };
  const units = halfAway(decimal.units, 10n ** BigInt(decimal.scale - places));
  return { units: units * 10n ** BigInt(scale - places), scale };
}

function halfAway(numerator: bigint, divisor: bigint): bigint {
  const [n, d] = [absolute(numerator), absolute(divisor)];
  const units = (2n * n + d) / (2n * d);
  return numerator < 0n === divisor < 0n ? units : -units;
}

/** The first digit that is not zero in base 10,000, and its place: 0 for ones, 1 for ten thousands. */
function firstDigit(decimal: Decimal): { weight: number; digit: number } {
  if (decimal.units === 0n) return { weight: 0, digit: 0 };
  const [whole = '', fraction = ''] = decimalText({ ...decimal, units: absolute(decimal.units) }).split('.');
  const digits =
    whole.padStart(Math.ceil(whole.length / 4) * 4, '0') + fraction.padEnd(Math.ceil(fraction.length / 4) * 4, '0');
  const groups = digits.match(/.{4}/g) ?? [];
  const first = groups.findIndex((group) => group !== '0000');
  return { weight: Math.ceil(whole.length / 4) - 1 - first, digit: Number(groups[first]) };
}

function align(a: Decimal, b: Decimal): [bigint, bigint, number] {
  const scale = Math.max(a.scale, b.scale);
  return [a.units * 10n ** BigInt(scale - a.scale), b.units * 10n ** BigInt(scale - b.scale), scale];
}

function absolute(units: bigint): bigint {
  return units < 0n ? -units : units;
}
