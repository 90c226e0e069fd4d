/** The functions of the language over its types. Their names and counts of arguments are checked by the parser. */
import type { Type } from '../../change.ts';
import { invariant } from '../../diagnostic/diagnostic.ts';
import { hints } from '../../diagnostic/messages.ts';
import type { Typed } from '../expression.ts';
import { familyOf } from '../types.ts';
import { call, cast, coerce, nameOf, type Operand, report, type Typing, UNKNOWN, unify } from './coerce.ts';
import { compare } from './operators.ts';

/** What the engine asks of a check. No mapping can: it is no function of the language. */
export const PASSES = 'passes';

/** A call with its arguments typed. */
export function typeCall(typing: Typing, name: string, args: readonly Operand[]): Typed {
  const [first, second] = args;
  invariant(first, `${name} has an argument`);
  switch (name) {
    case 'coalesce':
      return typeCoalesce(typing, args);
    case 'nullif':
      invariant(second, 'nullif has two arguments');
      return typeNullif(typing, first, second);
    case 'round':
      return typeRound(typing, first, second);
    case 'abs':
      return typeAbs(typing, first);
    case 'lower':
    case 'upper':
    case 'trim':
    case 'replace':
    case 'substr':
      return typeText(typing, name, args);
    case 'length':
      return typeLength(typing, first);
    case 'date':
      return cast(typing, first, 'date') ?? wrong(typing, name, 'a date or a timestamp', first);
    case 'year':
    case 'month':
    case 'day':
    case 'hour':
      return call(name, [timeArgument(typing, name, first)], 'integer');
    case 'surrogate_key':
      return typeSurrogateKey(typing, args);
    case PASSES:
      return { kind: 'passes', operand: coerce(typing, first, 'boolean'), type: 'boolean' };
    default:
      invariant(false, `${name} is a function of the language`);
  }
}

function typeCoalesce(typing: Typing, operands: readonly Operand[]): Typed {
  const { args, type } = unify(typing, operands, 'coalesce');
  return { kind: 'coalesce', args, type };
}

/** The first argument, as it is compared with the second: with a numeric behind it, an integer becomes numeric. */
function typeNullif(typing: Typing, left: Operand, right: Operand): Typed {
  const span = { start: left.span.start, end: right.span.end };
  const equal = compare(typing, '=', left, right, span);
  if (equal.kind !== 'call') return UNKNOWN;
  const value = equal.args[0] ?? UNKNOWN;
  const nothing: Typed = { kind: 'value', value: null, type: value.type };
  // biome-ignore lint/suspicious/noThenProperty: what SQL calls it, and never awaited
  return { kind: 'case', whens: [{ when: equal, then: nothing }], otherwise: value, type: value.type };
}

/** Of an integer it is a double, as in PostgreSQL; with places it is numeric. */
function typeRound(typing: Typing, value: Operand, places: Operand | undefined): Typed {
  const type = value.open ? (places ? 'numeric' : 'double') : value.typed.type;
  if (type !== null && familyOf(type) !== 'number') return wrong(typing, 'round', 'a number', value);
  if (places === undefined) {
    const to = type === 'integer' ? 'double' : type;
    return call(`round_${to ?? 'dynamic'}`, [coerce(typing, value, to)], to);
  }
  if (type === 'double') return wrong(typing, 'round', 'numeric before the places', value, hints.castFirst('numeric'));
  const to = type && 'numeric';
  const args = [coerce(typing, value, to), wholeArgument(typing, 'round', places)];
  return call(`round_${to ?? 'dynamic'}`, args, to);
}

function typeAbs(typing: Typing, value: Operand): Typed {
  const type = value.open ? 'double' : value.typed.type;
  if (type !== null && familyOf(type) !== 'number') return wrong(typing, 'abs', 'a number', value);
  return call(`abs_${type ?? 'dynamic'}`, [coerce(typing, value, type)], type);
}

/** Text from text; what substr takes behind its text are places. */
function typeText(typing: Typing, name: string, operands: readonly Operand[]): Typed {
  const isPlace = (n: number) => name === 'substr' && n > 0;
  const args = operands.map((each, n) => (isPlace(n) ? wholeArgument : textArgument)(typing, name, each));
  return call(name, args, 'text');
}

function typeLength(typing: Typing, value: Operand): Typed {
  if (value.typed.type === 'bytes') return call('length_bytes', [value.typed], 'integer');
  return call('length', [textArgument(typing, 'length', value)], 'integer');
}

function typeSurrogateKey(typing: Typing, operands: readonly Operand[]): Typed {
  const args = operands.map((each) => cast(typing, each, 'text') ?? UNKNOWN);
  return call('surrogate_key', args, 'text');
}

function textArgument(typing: Typing, name: string, arg: Operand): Typed {
  const { type } = arg.typed;
  if (arg.open || type === null || familyOf(type) === 'text') return coerce(typing, arg, 'text');
  return wrong(typing, name, 'text', arg, hints.castFirst('text'));
}

function wholeArgument(typing: Typing, name: string, arg: Operand): Typed {
  if (arg.open || arg.typed.type === null || arg.typed.type === 'integer') return coerce(typing, arg, 'integer');
  return wrong(typing, name, 'an integer', arg);
}

function timeArgument(typing: Typing, name: string, arg: Operand): Typed {
  const type: Type | null = arg.open ? 'timestamp' : arg.typed.type;
  if (type === 'date' && name === 'hour') return wrong(typing, name, 'a timestamp', arg);
  if (type === null) return coerce(typing, arg, 'timestamptz');
  if (familyOf(type) === 'time') return coerce(typing, arg, type);
  return wrong(typing, name, 'a date or a timestamp', arg, familyOf(type) === 'text' ? hints.typeIt : undefined);
}

function wrong(typing: Typing, operator: string, expected: string, arg: Operand, hint?: string): Typed {
  return report(typing, 'WRONG_OPERAND', { operator, expected, actual: nameOf(arg) }, arg.span, hint);
}
