import { cast, instantOf, textOf } from './cast.ts';
import { type Datum, OracleError } from './datum.ts';
import { canonicalDecimal, compareDecimals, parseDecimal } from './decimal.ts';
import { meeting } from './type.ts';

type Present = NonNullable<Datum>;

export function isSame(a: Present, b: Present): boolean {
  return order(a, b) === 0;
}

export function isLess(a: Present, b: Present): boolean {
  return order(a, b) < 0;
}

function order(a: Present, b: Present): number {
  const type = meeting([a.type, b.type]) ?? 'text';
  return orderAlike(present(cast(a, type)), present(cast(b, type)));
}

function orderAlike(a: Present, b: Present): number {
  if (a.type === 'numeric' && b.type === 'numeric') return compareDecimals(a.value, b.value);
  if (a.type === 'character' || a.type === 'text')
    return Buffer.compare(Buffer.from(textOf(a)), Buffer.from(textOf(b)));
  const [left, right] = [comparable(a), comparable(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function comparable(datum: Present): bigint | number | string {
  switch (datum.type) {
    case 'integer':
    case 'double':
      return datum.value;
    case 'boolean':
      return Number(datum.value);
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return instantOf(datum.value);
    case 'uuid':
    case 'bytes':
      return datum.value.toLowerCase();
    default:
      return textOf(datum);
  }
}

function present(datum: Datum): Present {
  if (datum === null) throw new OracleError('a value became NULL');
  return datum;
}

/**
 * The same text for values that are one key, as PostgreSQL compares them and never through a double; null for NULL.
 * Values of different families (numbers, booleans, instants, the rest) have different texts.
 */
export function keyOf(datum: Datum): string | null {
  if (datum === null) return null;
  switch (datum.type) {
    case 'integer':
      return `n${datum.value}`;
    case 'numeric':
      return `n${canonicalDecimal(datum.value)}`;
    case 'double': {
      const decimal = parseDecimal(String(datum.value));
      return decimal && `n${canonicalDecimal(decimal)}`;
    }
    case 'boolean':
      return `b${datum.value}`;
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return `i${instantOf(datum.value)}`;
    case 'uuid':
      return `t${datum.value.toLowerCase()}`;
    default:
      return `t${textOf(datum)}`;
  }
}
