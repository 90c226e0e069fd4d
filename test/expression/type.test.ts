import { describe, expect, test } from 'vitest';
import type { Type, Value } from '../../engine/change.ts';
import { OperationError } from '../../engine/expression/operation/operation.ts';
import { inferCondition, inferTypes } from '../../engine/expression/type/type.ts';
import { evaluate } from './evaluate.ts';
import { parse } from './parsing.ts';

const TYPES: ReadonlyMap<string, Type> = new Map([
  ['i', 'integer'],
  ['n', 'numeric'],
  ['d', 'double'],
  ['s', 'text'],
  ['b', 'boolean'],
  ['day', 'date'],
  ['at', 'timestamptz'],
  ['j', 'json'],
]);

function infer(text: string, how = inferTypes) {
  const parsed = parse(text);
  if ('problems' in parsed) throw new Error(`${text} does not parse`);
  return how(parsed.expression, (_, path) => (path.kind === 'nested' ? (TYPES.get(path.column) ?? null) : null));
}

/** The findings: code, and the words they point at. */
function findings(text: string, how = inferTypes): readonly string[] {
  const inferred = infer(text, how);
  if ('typed' in inferred) return [];
  return inferred.problems.map(({ code, span }) => `${code} ${text.slice(span.start, span.end)}`);
}

describe('what does not fit is found and pointed at', () => {
  test.each([
    ['t.s = 5', ['TEXT_AGAINST_NUMBER t.s = 5']],
    ['t.i + t.s', ['TEXT_AGAINST_NUMBER t.i + t.s']],
    ["t.i = 'abc'", ["BAD_LITERAL 'abc'"]],
    ["t.day > '2021-02-30'", ["BAD_LITERAL '2021-02-30'"]],
    ["cast('x' as numeric)", ["BAD_LITERAL 'x'"]],
    ['cast(1e30 as integer)', ['BAD_LITERAL 1e30']],
    ['1e200000', ['BAD_LITERAL 1e200000']],
    ['t.b + 1', ['WRONG_OPERANDS t.b + 1']],
    ['t.j = t.j', ['WRONG_OPERANDS t.j = t.j']],
    ['t.at - t.at', ['WRONG_OPERANDS t.at - t.at']],
    ['upper(t.i)', ['WRONG_OPERAND t.i']],
    ['t.i and t.b', ['WRONG_OPERAND t.i']],
    ['case when t.b then t.i else t.s end', ['NO_COMMON_TYPE t.i']],
    ['coalesce(t.day, t.s)', ['NO_COMMON_TYPE t.s']],
    ['cast(t.b as date)', ['NO_CAST cast(t.b as date)']],
    ['round(t.d, 2)', ['WRONG_OPERAND t.d']],
    [
      '(t.s = 1) and upper(t.i) = t.u and (t.j < 1)',
      ['TEXT_AGAINST_NUMBER (t.s = 1)', 'WRONG_OPERAND t.i', 'WRONG_OPERANDS (t.j < 1)'],
    ],
    ['- (t.s + 1) * 2 > t.b', ['TEXT_AGAINST_NUMBER (t.s + 1)']],
  ])('%s', (text, expected) => {
    expect(findings(text)).toEqual(expected);
  });

  test.each([
    ["cast('January 8, 1999' as date)", "BAD_LITERAL 'January 8, 1999'"],
    ["cast('now' as timestamptz)", "BAD_LITERAL 'now'"],
    ["cast('NaN' as numeric)", "BAD_LITERAL 'NaN'"],
    ["t.at + '1 day'", "WRONG_OPERANDS t.at + '1 day'"],
  ])('although PostgreSQL takes it: %s', (text, expected) => {
    expect(findings(text)).toEqual([expected]);
  });

  test('a condition is true or false', () => {
    expect(findings('t.i + 1', inferCondition)).toEqual(['NOT_A_CONDITION t.i + 1']);
    expect(findings('t.b', inferCondition)).toEqual([]);
    expect(findings('null', inferCondition)).toEqual([]);
    expect(findings("'maybe'", inferCondition)).toEqual(["BAD_LITERAL 'maybe'"]);
  });

  test('what grows with every level is bounded', () => {
    const nested = Array(100)
      .fill(0)
      .reduce((inner) => `(${inner} in (true, false))`, 't.b');
    expect(findings(nested).map((each) => each.split(' ')[0])).toEqual(['EXPRESSION_TOO_LARGE']);
  });

  test('a long list is said in groups that SQLite can nest', () => {
    const inferred = infer(`t.i in (${Array(1000).fill('1').join(', ')})`);
    expect(inferred).toMatchObject({ typed: { kind: 'or', args: { length: 10 } } });
  });
});

describe('a value of unknown type passes, and is judged when it is there', () => {
  const u = (value: Value, text: string): Value => {
    const inferred = infer(text);
    if ('problems' in inferred) throw new Error(JSON.stringify(inferred.problems));
    return evaluate(inferred.typed, (_, path) => (path.kind === 'nested' && path.column === 'u' ? value : null));
  };

  test.each<[Value, string, Value]>([
    [1n, 't.u = 1', 1n],
    [1.5, 't.u = 1.50', 1n],
    [1.5, '1 < t.u', 1n],
    ['9223372036854775808', 't.u > 9223372036854775807', 1n],
    ['12345678901234.5678', 't.u = 12345678901234.5678', 1n],
    ['a', "t.u = 'a'", 1n],
    ['B', "t.u < 'a'", 1n],
    [null, 't.u = 1', null],
    [0.1, 't.u + 0.2', 0.3],
    [0.1, 't.u * 3 = 0.3', 1n],
    [7n, 't.u / 2', 3n],
    [7.5, 't.u % 2', 1.5],
    [9223372036854775807n, 't.u * 1.0', 9223372036854775807n],
    [2.5, 'round(t.u)', 3n],
    [2.345, 'round(t.u, 2)', 2.35],
    [-3n, 'abs(t.u)', 3n],
    [3n, '- t.u', -3n],
    [0.5, 't.u + cast(1 as double)', 1.5],
    ['abc', 'upper(t.u)', 'ABC'],
    [1.5, "t.u || 'x'", '1.5x'],
    [1n, 't.u and true', 1n],
    [0n, 'not t.u', 1n],
    [1n, 'case when t.u then 1.5 else t.u end', 1.5],
    [null, "coalesce(t.u, 'x')", 'x'],
    [null, 'coalesce(t.u, 12345678901234.5678)', '12345678901234.5678'],
    [2n, 'nullif(t.u, 2.0)', null],
    ['2021-06-03 23:30:00-02', "t.u = cast('2021-06-04 01:30' as timestamptz)", 1n],
    ['2021-06-03', 'year(t.u)', 2021n],
    ['2021-06-03', "cast('2021-06-05' as date) - t.u", 2n],
    [2n, "cast('2021-06-05' as date) - t.u", '2021-06-03'],
    [2.5, 'cast(t.u as integer)', 3n],
    ['12', 'cast(t.u as integer)', 12n],
    [1n, 'cast(t.u as boolean)', 1n],
    [0.1, 'cast(t.u as numeric)', '0.1'],
    [0.1, 'cast(t.u as double)', 0.1],
    [Buffer.of(1), 'cast(t.u as text)', '\\x01'],
    [5n, 't.u is null', 0n],
    [5n, 't.u between 1 and 10', 1n],
    ['5', "t.u in ('1', '5')", 1n],
    ['x', "t.u like 'x%'", 1n],
    [1n, 'surrogate_key(t.u) = surrogate_key(1)', 1n],
  ])('%s in %s', (value, text, expected) => {
    expect(u(value, text)).toBe(expected);
  });

  test.each<[Value, string, string]>([
    ['a', 't.u = 1', 'MIXED_VALUES'],
    ['5', 't.u = 5', 'MIXED_VALUES'],
    [5n, "t.u = 'a'", 'MIXED_VALUES'],
    ['a', 't.u + 1', 'UNEXPECTED_VALUE'],
    [5n, "t.u in (1, '5')", 'MIXED_VALUES'],
    [5n, 'upper(t.u)', 'UNEXPECTED_VALUE'],
    [5n, 'not t.u', 'UNEXPECTED_VALUE'],
    ['a', 'cast(t.u as integer)', 'BAD_CAST'],
    [1n, 't.u / 0', 'DIVISION_BY_ZERO'],
    [9223372036854775807n, 't.u + 1', 'OUT_OF_RANGE'],
    [1n, 'cast(t.u as date)', 'UNEXPECTED_VALUE'],
  ])('%s in %s is refused', (value, text, code) => {
    expect(() => u(value, text)).toThrow(expect.objectContaining({ code }));
    expect(() => u(value, text)).toThrow(OperationError);
  });
});

test('like takes no longer than the product of the lengths', () => {
  const inferred = infer(`'${'a'.repeat(2000)}' like '${'%a'.repeat(200)}b'`);
  if ('problems' in inferred) throw new Error('does not type');
  const start = performance.now();
  expect(evaluate(inferred.typed, () => null)).toBe(0n);
  expect(performance.now() - start).toBeLessThan(1000);
});
