/**
 * Typed expressions as text that a database hands back: `["greater_integer",["text_to_integer",0],{"bigint":"0"}]`.
 *
 * A list begins with what is done, and a number is the place of a column. A query stops at the first value that can't be
 * computed; computed here, one expression of a query can fail by itself. It gives what SQL makes of it: three truth
 * values, and nothing computed in vain.
 */
import type { Value } from '../change.ts';
import { invariant } from '../diagnostic/diagnostic.ts';
import type { Typed } from './expression.ts';
import { truth } from './operation/operation.ts';
import { operations } from './operation/operations.ts';

type Column = Extract<Typed, { kind: 'column' }>;

/** An expression as text, and the columns of whose values it is computed. */
export interface Encoded {
  readonly text: string;
  readonly columns: readonly Column[];
}

/** Computes an expression of the values of its columns. Throws an OperationError where it can't. */
export type Compute = (columns: readonly Value[]) => Value;

/** A value stands under the name of its kind, for JSON has no large numbers and no bytes. */
type Code = null | number | Readonly<Record<string, string>> | CodeList;

type CodeList = readonly [what: string, ...parts: Code[]];

export function encode(typed: Typed): Encoded {
  const columns: Column[] = [];
  const code = codeOf(typed, (column) => columns.push(column) - 1);
  return { text: JSON.stringify(code), columns };
}

/** What an encoded expression computes. */
export function decode(text: string): Compute {
  const found = known.get(text) ?? computeOf(JSON.parse(text) as Code);
  known.set(text, found);
  return found;
}

/** They are few: those of the mappings that a process runs, by the types of their columns. */
const known = new Map<string, Compute>();

function codeOf(typed: Typed, place: (column: Column) => number): Code {
  const inner = (each: Typed): Code => codeOf(each, place);
  switch (typed.kind) {
    case 'value':
      return codeOfValue(typed.value);
    case 'column':
      return place(typed);
    case 'is null':
      return typed.negated ? ['not', ['is null', inner(typed.operand)]] : ['is null', inner(typed.operand)];
    case 'case':
      return ['case', ...typed.whens.flatMap(({ when, then }) => [inner(when), inner(then)]), inner(typed.otherwise)];
    case 'call':
      return [typed.operation, ...typed.args.map(inner)];
    case 'not':
    case 'passes':
      return [typed.kind, inner(typed.operand)];
    default:
      return [typed.kind, ...typed.args.map(inner)];
  }
}

function codeOfValue(value: Value): Code {
  if (value === null) return null;
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('hex') };
  return { [typeof value]: String(value) };
}

function computeOf(code: Code): Compute {
  if (typeof code === 'number') return (columns) => columns[code] ?? null;
  if (!isList(code)) {
    const value = constantOf(code);
    return () => value;
  }
  const [what, ...parts] = code;
  return computeParts(what, parts.map(computeOf));
}

function isList(code: Code): code is CodeList {
  return Array.isArray(code);
}

function constantOf(code: Readonly<Record<string, string>> | null): Value {
  const [[kind, text] = ['null', '']] = Object.entries(code ?? {});
  switch (kind) {
    case 'bigint':
      return BigInt(text);
    case 'number':
      return Number(text);
    case 'bytes':
      return Buffer.from(text, 'hex');
    case 'null':
      return null;
    default:
      return text;
  }
}

function computeParts(what: string, parts: readonly Compute[]): Compute {
  switch (what) {
    case 'and':
      return connect(parts, 0n);
    case 'or':
      return connect(parts, 1n);
    case 'not':
      return (columns) => negated(parts[0]?.(columns) ?? null);
    case 'is null':
      return (columns) => truth(parts[0]?.(columns) === null);
    case 'coalesce':
      return (columns) => firstValue(parts, columns);
    case 'case':
      return (columns) => chosen(parts, columns)(columns);
    default: {
      const operation = operations.get(what);
      invariant(operation, `"${what}" is an operation`);
      return (columns) => operation.evaluate(...parts.map((part) => part(columns)));
    }
  }
}

function negated(value: Value): Value {
  return value === null ? null : truth(value === 0n);
}

/** `decides` ends it at once; else it is NULL if any is. */
function connect(parts: readonly Compute[], decides: bigint): Compute {
  return (columns) => {
    let hasNull = false;
    for (const part of parts) {
      const value = part(columns);
      if (value === decides) return value;
      hasNull ||= value === null;
    }
    return hasNull ? null : 1n - decides;
  };
}

function firstValue(parts: readonly Compute[], columns: readonly Value[]): Value {
  for (const part of parts) {
    const value = part(columns);
    if (value !== null) return value;
  }
  return null;
}

/** The value of the first condition that is true; what stands behind all of them is for none. */
function chosen(parts: readonly Compute[], columns: readonly Value[]): Compute {
  const place = parts.findIndex((part, n) => n % 2 === 0 && n < parts.length - 1 && part(columns) === 1n);
  return parts[place < 0 ? parts.length - 1 : place + 1] ?? (() => null);
}
