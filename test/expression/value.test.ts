import { describe, expect, test } from 'vitest';
import type { Literal, Type, Value } from '../../engine/change.ts';
import { OperationError } from '../../engine/expression/operation/operation.ts';
import { storedValue, writeNumeric } from '../../engine/expression/operation/value.ts';

const number = (json: string): Literal => ({ json });

describe('a value of a record is stored', () => {
  test.each<[string, Literal, Type | null, Value]>([
    ['an integer of 64 bits', number('9223372036854775807'), 'integer', 9223372036854775807n],
    ['an integer beyond doubles', number('9007199254740993'), 'integer', 9007199254740993n],
    ['an integer of a domain', '42', 'integer', 42n],
    ['minus zero', number('-0'), 'integer', 0n],
    ['an integer with a point', number('1.0'), 'integer', 1n],
    ['an integer with an exponent', number('1e3'), 'integer', 1000n],
    ['a numeric without trailing zeros', number('1.10'), 'numeric', '1.1'],
    [
      'a numeric of any length',
      number('-12345678901234567890.123456789'),
      'numeric',
      '-12345678901234567890.123456789',
    ],
    ['a numeric with an exponent', number('1.5e3'), 'numeric', '1500'],
    ['a numeric minus zero', number('-0.00'), 'numeric', '0'],
    ['a whole numeric', number('100'), 'numeric', '100'],
    ['a numeric that is not one', 'NaN', 'numeric', null],
    ['an infinite numeric', '-Infinity', 'numeric', null],
    ['a double', number('0.1'), 'double', 0.1],
    ['a double that is not a number', 'NaN', 'double', null],
    ['an infinite double', '-Infinity', 'double', -Infinity],
    ['true', true, 'boolean', 1n],
    ['false', false, 'boolean', 0n],
    ['a boolean as PostgreSQL writes it', 't', 'boolean', 1n],
    ['text as it came', ' x ', 'text', ' x '],
    ['a number of a text', number('1.50'), 'text', '1.50'],
    ['a structure of a text', number('{"a": 1.0}'), 'text', '{"a": 1.0}'],
    ['a blank-padded text', 'ab ', 'character', 'ab '],
    ['a timestamp as it came', '2021-06-03 09:47:50.003493+02', 'timestamptz', '2021-06-03 09:47:50.003493+02'],
    ['a JSON text', '{"a": 1.0}', 'json', '{"a": 1.0}'],
    ['a JSON structure', number('[1.0]'), 'json', '[1.0]'],
    ['a JSON boolean', true, 'json', 'true'],
    ['bytes', '00ff', 'bytes', Buffer.of(0, 255)],
    ['bytes with a mark', '\\x00FF', 'bytes', Buffer.of(0, 255)],
    ['no bytes', '', 'bytes', Buffer.of()],
    ['NULL', null, 'numeric', null],
    ['an untyped text', '007', null, '007'],
    ['an untyped truth', true, null, 1n],
    ['an untyped integer', number('9223372036854775807'), null, 9223372036854775807n],
    ['an untyped number', number('1.10'), null, 1.1],
    ['an untyped number beyond 64 bits', number('9223372036854775808'), null, '9223372036854775808'],
    ['an untyped number of many digits', number('12345678901234.5678'), null, '12345678901234.5678'],
    ['an untyped number beyond doubles', number('1e400'), null, `1${'0'.repeat(400)}`],
    ['an untyped structure', number('[1]'), null, '[1]'],
  ])('%s', (_, literal, type, expected) => {
    expect(storedValue(literal, type)).toStrictEqual(expected);
  });

  test('of a time is as its source writes it, where the source calls it one', () => {
    expect(storedValue('2024-3-9', 'date')).toBe('2024-3-9');
    expect(storedValue('2024-3-9', 'date', 'text')).toBe('2024-03-09');
    expect(storedValue('2024-03-09 10:00', 'timestamptz', 'timestamp')).toBe('2024-03-09 10:00:00+00');
    expect(() => storedValue('9.3.2024', 'date', null)).toThrow(OperationError);
  });

  test.each<[Literal, Type, string]>([
    [number('1.5'), 'integer', 'BAD_CAST'],
    [number('9223372036854775808'), 'integer', 'VALUE_OUT_OF_RANGE'],
    [true, 'integer', 'BAD_CAST'],
    ['n/a', 'numeric', 'BAD_CAST'],
    [number('[1]'), 'numeric', 'BAD_CAST'],
    [number('1e400'), 'double', 'VALUE_OUT_OF_RANGE'],
    [number('1e1000000000000'), 'numeric', 'VALUE_OUT_OF_RANGE'],
    ['maybe', 'boolean', 'BAD_CAST'],
    ['0', 'bytes', 'BAD_CAST'],
    ['zz', 'bytes', 'BAD_CAST'],
  ])('never %j as %s', (literal, type, code) => {
    expect(() => storedValue(literal, type)).toThrow(expect.objectContaining({ code }));
    expect(() => storedValue(literal, type)).toThrow(OperationError);
  });
});

test.each<[string, Value]>([
  ['0', 0n],
  ['100', 100n],
  ['-999999999999999', -999999999999999n],
  ['9999999999999999', '9999999999999999'],
  ['100000000000000000000', 1e20],
  ['1.1', 1.1],
  ['123456789.012345', 123456789.012345],
  ['123456789.0123456', '123456789.0123456'],
  ['12345678901234.5678', '12345678901234.5678'],
  [`1${'0'.repeat(400)}`, `1${'0'.repeat(400)}`],
])('a target holds the numeric %s so that no digit is lost', (canonical, expected) => {
  expect(writeNumeric(canonical)).toBe(expected);
});
