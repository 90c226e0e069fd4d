/** The operators of PostgreSQL 15 over the types of the language. */
import type { Type } from '../../change.ts';
import type { Span } from '../../diagnostic/diagnostic.ts';
import { hints } from '../../diagnostic/messages.ts';
import type { Typed } from '../expression.ts';
import { type Comparison, comparisonNames } from '../operation/compare.ts';
import { commonType, type Family, familyOf } from '../types.ts';
import { call, cast, coerce, nameOf, type Operand, report, type Typing, UNKNOWN } from './coerce.ts';

export type Arithmetic = '+' | '-' | '*' | '/' | '%';

const ARITHMETIC: Readonly<Record<Arithmetic, string>> = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '%': 'modulo',
};

/** `=`, `<` and the like. */
export function compare(typing: Typing, operator: Comparison, left: Operand, right: Operand, span: Span): Typed {
  const name = comparisonNames[operator];
  const by = comparedBy(left, right);
  if (by === null) return clash(typing, operator, left, right, span);
  const args = [left, right].map((each) => {
    // Dates and times of all types are read to instants, so none has to become the other first.
    if (by === 'time') return timeOf(typing, each, left, right);
    return coerce(typing, each, by === 'dynamic' ? null : by);
  });
  const kind = by === 'boolean' ? 'integer' : by;
  return call(`${name}_${kind}`, args, 'boolean');
}

/** `+`, `-` and the like between numbers, and between dates and days. */
export function calculate(typing: Typing, operator: Arithmetic, left: Operand, right: Operand, span: Span): Typed {
  const dates = calculateDates(typing, operator, left, right);
  if (dates) return dates;
  const type = calculatedIn(left, right);
  if (type === undefined || (operator === '%' && type === 'double')) return clash(typing, operator, left, right, span);
  const args = [left, right].map((each) => (type === null ? dynamicNumber(typing, each) : coerce(typing, each, type)));
  return call(`${ARITHMETIC[operator]}_${type ?? 'dynamic'}`, args, type);
}

/** `||`: bytes with bytes, else text with anything. */
export function concatenate(typing: Typing, left: Operand, right: Operand, span: Span): Typed {
  const sides = [left, right];
  const types = sides.map((side) => (side.open ? 'open' : side.typed.type));
  if (types.includes('bytes') && types.every((type) => type === 'bytes' || type === 'open')) {
    return call(
      'concat_bytes',
      sides.map((side) => coerce(typing, side, 'bytes')),
      'bytes',
    );
  }
  if (!types.some((type) => type === null || type === 'open' || familyOf(type) === 'text')) {
    return clash(typing, '||', left, right, span);
  }
  return call(
    'concat',
    sides.map((side) => cast(typing, side, 'text') ?? UNKNOWN),
    'text',
  );
}

/** A sign before a value. Plus changes nothing, but makes a double of a literal. */
export function sign(typing: Typing, operator: '+' | '-', operand: Operand): Typed {
  const { type } = operand.typed;
  if (operand.open && operator === '+') return coerce(typing, operand, 'double');
  if (operand.open || !isNumberOrUnknown(type)) {
    return report(typing, 'WRONG_OPERAND', { operator, expected: 'a number', actual: nameOf(operand) }, operand.span);
  }
  return operator === '+' ? operand.typed : call(`negate_${type ?? 'dynamic'}`, [operand.typed], type);
}

/** What two operands are compared as; null where they are not. */
function comparedBy(left: Operand, right: Operand): Type | 'time' | 'dynamic' | null {
  const types = [left, right].filter((each) => !each.open).map((each) => each.typed.type);
  const told = types.filter((type) => type !== null);
  const common = commonType(told);
  if (typeof common !== 'string' || common === 'json') return null;
  if (familyOf(common) === 'time') return 'time';
  // Between a value of unknown type and a number or text the value decides; other types say what it must be.
  if (told.length < types.length) return told.length === 0 || isLoose(common) ? 'dynamic' : common;
  return told.includes('text') ? 'text' : common;
}

function isLoose(type: Type): boolean {
  return type === 'integer' || type === 'numeric' || familyOf(type) === 'text';
}

/** A literal is read as the other side's type; a value of unknown type with an offset if it has one. */
function timeOf(typing: Typing, operand: Operand, left: Operand, right: Operand): Typed {
  if (!operand.open) return operand.typed.type === null ? coerce(typing, operand, 'timestamptz') : operand.typed;
  return coerce(typing, operand, (operand === left ? right : left).typed.type ?? 'timestamptz');
}

/** The type of a calculation; undefined where the operands are no numbers. A literal is what the other one is. */
function calculatedIn(left: Operand, right: Operand): Type | null | undefined {
  const types = [left, right].filter((each) => !each.open).map((each) => each.typed.type);
  if (types.length === 0 || !types.every(isNumberOrUnknown)) return undefined;
  if (types.includes('double')) return 'double';
  if (types.includes(null)) return null;
  return types.includes('numeric') ? 'numeric' : 'integer';
}

function isNumberOrUnknown(type: Type | null): boolean {
  return type === null || familyOf(type) === 'number';
}

function dynamicNumber(typing: Typing, operand: Operand): Typed {
  if (!operand.open) return coerce(typing, operand, null);
  return coerce(typing, { ...operand, typed: coerce(typing, operand, 'numeric'), open: false }, null);
}

/** Days added to a date or taken from it, and the days between two; null for everything else. */
function calculateDates(typing: Typing, operator: Arithmetic, left: Operand, right: Operand): Typed | null {
  const [from, by] = [left, right].map((each) => (each.open ? 'open' : each.typed.type));
  const isDays = (type: typeof by) => type === 'integer' || type === null;
  const integer = (operand: Operand) => coerce(typing, operand, 'integer');
  const date = (operand: Operand) => coerce(typing, operand, 'date');
  if (operator === '+') {
    if (from === 'date' && isDays(by)) return call('add_date', [left.typed, integer(right)], 'date');
    return by === 'date' && isDays(from) ? call('add_date', [right.typed, integer(left)], 'date') : null;
  }
  if (operator !== '-') return null;
  if (from === 'date' && by === 'integer') return call('subtract_date', [left.typed, right.typed], 'date');
  if (from === 'date' && by === null) return call('date_minus_dynamic', [left.typed, right.typed], null);
  const isDate = (type: typeof by) => type === 'date' || type === 'open' || type === null;
  const between = (from === 'date' && isDate(by)) || (by === 'date' && isDate(from));
  return between ? call('days_between', [date(left), date(right)], 'integer') : null;
}

function clash(typing: Typing, operator: string, left: Operand, right: Operand, span: Span): Typed {
  const facts = { operator, left: nameOf(left), right: nameOf(right) };
  const families = [left, right].map((each): Family | null => each.typed.type && familyOf(each.typed.type));
  const hasText = families.includes('text');
  if (hasText && families.includes('number')) return report(typing, 'TEXT_AGAINST_NUMBER', facts, span, hints.typeIt);
  const hint = families.includes('json') ? hints.castFirst('text') : hasText ? hints.typeIt : undefined;
  return report(typing, 'WRONG_OPERANDS', facts, span, hint);
}
