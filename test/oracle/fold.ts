/** What an aggregate makes of the values of its rows. */
import { isLess, keyOf } from './compare.ts';
import { type Datum, double, integer, numeric, OracleError } from './datum.ts';
import { add, type Decimal, divide, ofInteger } from './decimal.ts';
import { evaluate, holds, type Scope } from './expression.ts';
import type { AggregateNode } from './node.ts';
import { sumOfDoubles } from './sum.ts';

type Present = NonNullable<Datum>;

/** The aggregate over rows, of which its filter may take some. */
export function fold(node: AggregateNode, rows: readonly Scope[]): Datum {
  const { name, argument, filter } = node;
  const taken = rows.filter((row) => !filter || holds(filter, row));
  if (argument === null) return integer(BigInt(taken.length));
  const values = taken.map((row) => evaluate(argument, row)).filter((value) => value !== null);
  return foldValues(name, node.distinct ? differing(values) : values);
}

function foldValues(name: string, values: readonly Present[]): Datum {
  if (name === 'count') return integer(BigInt(values.length));
  const [first] = values;
  if (!first) return null;
  switch (name) {
    case 'min':
      return ordered(values).reduce((least, value) => (isLess(value, least) ? value : least));
    case 'max':
      return ordered(values).reduce((most, value) => (isLess(most, value) ? value : most));
    case 'sum':
      return sum(values);
    case 'avg':
      return average(values);
    default:
      throw new OracleError(`"${name}" is no aggregate`);
  }
}

function differing(values: readonly Present[]): Present[] {
  return [...new Map(values.map((value) => [keyOf(value), value])).values()];
}

const ORDERED: readonly Present['type'][] = [
  'integer',
  'numeric',
  'double',
  'text',
  'character',
  'date',
  'timestamp',
  'timestamptz',
];

function ordered(values: readonly Present[]): Present[] {
  return values.map((value) => {
    if (value.type === 'literal') return { type: 'text', value: value.value };
    if (!ORDERED.includes(value.type)) throw new OracleError(`${value.type} has no least value`);
    return value;
  });
}

function sum(values: readonly Present[]): Datum {
  if (values.some(isDouble)) return double(sumOfDoubles(values.map(numberOf)));
  return numeric(values.map(decimalOf).reduce(add));
}

function average(values: readonly Present[]): Datum {
  const total = sum(values);
  if (total?.type === 'double') return double(total.value / values.length);
  if (total?.type !== 'numeric') throw new OracleError('a sum is a number');
  return numeric(divide(total.value, ofInteger(BigInt(values.length))));
}

function isDouble({ type }: Present): boolean {
  return type === 'double';
}

function numberOf(value: Present): number {
  if (value.type !== 'double') throw new OracleError(`${value.type} is no double`);
  return value.value;
}

function decimalOf(value: Present): Decimal {
  if (value.type === 'integer') return ofInteger(value.value);
  if (value.type !== 'numeric') throw new OracleError(`${value.type} can't be summed`);
  return value.value;
}
