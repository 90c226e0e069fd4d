import { describe, expect, test } from 'vitest';
import { canonical, type Datum, OracleError, ofLog, typeOfLog } from './datum.ts';
import { evaluate } from './expression.ts';
import { parseOne } from './json.ts';
import { parseExpression } from './parse.ts';

const ROW: Readonly<Record<string, readonly [type: string, json: string]>> = {
  i: ['integer', '7'],
  big: ['bigint', '9007199254740993'],
  n: ['numeric(10,2)', '2.50'],
  d: ['double precision', '0.1'],
  t: ['text', '"Straße 🦊"'],
  c: ['character(3)', '"a  "'],
  b: ['boolean', 'true'],
  ts: ['timestamp without time zone', '"2024-02-29 23:59:59.5"'],
  tz: ['timestamp with time zone', '"2024-03-01 00:30:00+01"'],
  u: ['uuid', '"7D1EAA82-63b9-4651-b14b-1f49c395fcd3"'],
  nothing: ['integer', 'null'],
};

function typeAt([, column]: readonly (string | number)[]): ReturnType<typeof typeOfLog> {
  return typeOfLog(ROW[String(column)]?.[0] ?? '');
}

function result(expression: string): ReturnType<typeof canonical> {
  const valueAt = ([, column]: readonly (string | number)[]): Datum => {
    const [type = '', json = 'null'] = ROW[String(column)] ?? [];
    return ofLog(parseOne(json) ?? { kind: 'null', raw: 'null' }, typeOfLog(type));
  };
  return canonical(evaluate(parseExpression(expression), { typeAt, valueAt }));
}

// The results are PostgreSQL 15's, with numerics without zeros at their end.
describe('an expression means what PostgreSQL means', () => {
  test.each([
    ['7 / 2', '3'],
    ['-7 / 2', '-3'],
    ['-7 % 3', '-1'],
    ['1 / 3.0', "'0.33333333333333333333"],
    ['10 / 3.0', "'3.3333333333333333"],
    ['2 / 3.0', "'0.66666666666666666667"],
    ['r.big + 1', '9007199254740994'],
    ['r.big + 0.5', "'9007199254740993.5"],
    ['r.n * 2', '5'],
    ['r.d + r.d', '0.2'],
    ['-r.n', '-2.5'],
    ['2 + 3 * 4 - -1', '15'],
    ['1 + 1 || 2', "'22"],
    ['round(2.5)', '3'],
    ['round(-2.5)', '-3'],
    ['round(cast(2.5 as double))', '2'],
    ['round(1234.567, 1)', '1234.6'],
    ['round(1250, -2)', '1300'],
    ['abs(-3)', '3'],
    ['case when true then 1 else 1.5 end / 2', '0.5'],
    ['coalesce(r.nothing, r.n)', '2.5'],
    ['nullif(1, 1.0)', null],
    ['nullif(7, 2.2) / 2', '3.5'],
  ])('of numbers: %s', (expression, expected) => expect(result(expression)).toBe(expected));

  test.each([
    ["upper('straße é')", "'STRAßE é"],
    ['lower(r.t)', "'straße 🦊"],
    ['length(r.t)', '8'],
    ['length(r.c)', '1'],
    ["r.c || 'b'", "'ab"],
    ['r.c', "'a  "],
    ["r.c = 'a'", '1'],
    ["'a ' = r.c", '1'],
    ["substr('abc', 0, 2)", "'a"],
    ["substr('abc', -1)", "'abc"],
    ["trim('  a b ')", "'a b"],
    ["replace('aXa', 'a', '')", "'X"],
    ["'it''s'", "'it's"],
    ["'a' || null", null],
    ['cast(r.b as text)', "'true"],
    ['cast(1e15 + r.n as text)', "'1000000000000002.5"],
    ['cast(cast(1e15 as double) as text)', "'1e+15"],
    ["'Z' < 'a'", '1'],
    ["'a\uffff' < 'a🦊'", '1'],
    ["r.t like '%🦊'", '1'],
    ["r.t like 'straße%'", '0'],
    ["'a%c' like 'a\\%_'", '1'],
    ["'a\nb' like 'a_b'", '1'],
    ["coalesce(null, 'x') || 'y'", "'xy"],
    ['coalesce(r.c, r.t)', "'a  "],
    ["coalesce(nullif(r.t, r.t), r.c) || ''", "'a"],
    ['case when r.b then r.c else r.t end', "'a"],
    ['case when not r.b then r.t else r.c end', "'a  "],
    ['nullif(r.c, r.t)', "'a"],
    ["nullif(r.c, 'b')", "'a  "],
  ])('of texts: %s', (expression, expected) => expect(result(expression)).toBe(expected));

  test.each([
    ['null and false', '0'],
    ['null and true', null],
    ['null or true', '1'],
    ['not null', null],
    ['not 1 = 2', '1'],
    ['null = null', null],
    ['r.nothing is null', '1'],
    ['1 = 1 is not null', '1'],
    ['1 in (2, null)', null],
    ['1 in (1, null)', '1'],
    ['1 not in (2, null)', null],
    ['2 between 1 and 3 and true', '1'],
    ['2 not between 3 and 1', '1'],
    ['1 = 1.00', '1'],
    ["r.i = '7'", '1'],
    ["r.u = '7d1eaa8263b94651b14b1f49c395fcd3'", '1'],
    ["case r.i when 1 then 'one' when 7 then 'seven' end", "'seven"],
    ['case when null then 1 end', null],
    ['true or 1 / 0 = 1', '1'],
  ])('of truth: %s', (expression, expected) => expect(result(expression)).toBe(expected));

  test.each([
    ['date(r.ts)', "'2024-02-29"],
    ['date(r.tz)', "'2024-02-29"],
    ['year(r.ts) * 10000 + month(r.ts) * 100 + day(r.ts)', '20240229'],
    ['hour(r.tz)', '23'],
    ['cast(r.ts as text)', "'2024-02-29 23:59:59.5"],
    ['cast(r.tz as text)', "'2024-02-29 23:30:00+00"],
    ["r.ts < '2024-03-01'", '1'],
    ["cast('2024-02-29T01:02:03.10' as timestamp)", "'2024-02-29 01:02:03.1"],
    ["r.tz = '2024-02-29 23:30:00Z'", '1'],
    ["cast(' 12 ' as integer)", '12'],
    ["cast('1e2' as numeric)", '100'],
    ['cast(2.5 as integer)', '3'],
    ['cast(cast(2.5 as double) as integer)', '2'],
    ["cast('yes' as boolean)", '1'],
  ])('of times and casts: %s', (expression, expected) => expect(result(expression)).toBe(expected));

  test.each([
    '1 / 0',
    '1.0 % 0',
    "cast('n/a' as integer)",
    "cast('2023-02-29' as date)",
    '9223372036854775807 + 1',
    'r.t = 1',
    'cast(1e30 as integer)',
    'cast(5e-324 as double) / 2',
    'cast(1e300 as double) * 1e9',
  ])('or is refused: %s', (expression) => expect(() => result(expression)).toThrow(OracleError));
});
