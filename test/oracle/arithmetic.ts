import { cast } from './cast.ts';
import { type Datum, double, integer, numeric, OracleError, type OracleType } from './datum.ts';
import { add, divide, multiply, negate, remainder } from './decimal.ts';

type Present = NonNullable<Datum>;

const NUMBERS: readonly Present['type'][] = ['integer', 'numeric', 'double'];

export function isArithmetic(op: string): boolean {
  return ['+', '-', '*', '/', '%'].includes(op);
}

/** Calculates in the wider type of the two; a quoted text takes the type of the other. */
export function calculate(op: string, a: Present, b: Present): Datum {
  const type = NUMBERS.findLast((each) => each === a.type || each === b.type);
  if (!type || [a, b].some((each) => each.type !== 'literal' && !NUMBERS.includes(each.type))) {
    throw new OracleError(`${a.type} ${op} ${b.type} has no meaning`);
  }
  const [left, right] = [cast(a, type as OracleType), cast(b, type as OracleType)];
  if (left?.type === 'integer' && right?.type === 'integer') return integer(wholes(op, left.value, right.value));
  if (left?.type === 'double' && right?.type === 'double') return double(doubles(op, left.value, right.value));
  if (left?.type === 'numeric' && right?.type === 'numeric') return decimals(op, left, right);
  throw new OracleError(`${type} is no number`);
}

export function negated(operand: Datum): Datum {
  if (operand?.type === 'integer') return integer(-operand.value);
  if (operand?.type === 'double') return double(-operand.value);
  if (operand?.type === 'numeric') return numeric(negate(operand.value));
  if (operand === null) return null;
  throw new OracleError(`- ${operand.type} has no meaning`);
}

/** Division truncates, and the remainder has the sign of the dividend. */
function wholes(op: string, a: bigint, b: bigint): bigint {
  if (op === '+') return a + b;
  if (op === '-') return a - b;
  if (op === '*') return a * b;
  if (b === 0n) throw new OracleError('division by zero');
  return op === '/' ? a / b : a % b;
}

function doubles(op: string, a: number, b: number): number {
  if (op === '+') return a + b;
  if (op === '-') return a - b;
  if (op === '%') throw new OracleError('double % double has no meaning');
  if (op === '/' && b === 0) throw new OracleError('division by zero');
  const result = op === '*' ? a * b : a / b;
  if (result === 0 && a !== 0 && (b !== 0 || op === '/')) throw new OracleError(`${a} ${op} ${b} is too small`);
  return result;
}

type Numeric = Extract<Datum, { type: 'numeric' }>;

function decimals(op: string, { value: a }: Numeric, { value: b }: Numeric): Datum {
  if (op === '+') return numeric(add(a, b));
  if (op === '-') return numeric(add(a, negate(b)));
  if (op === '*') return numeric(multiply(a, b));
  if (b.units === 0n) throw new OracleError('division by zero');
  return numeric(op === '/' ? divide(a, b) : remainder(a, b));
}
