/**
 * Values of which no type is known, as JSON: a number, or a text in quotes. A text of more digits than a double has is a
 * number among numbers.
 *
 * A function computes all that stands in it. So what is of the wrong kind is NULL where it would fail, and of two ways
 * one gives NULL.
 */
import { bind, define, type Functions, text, unless } from './say.ts';

const LONG = String.raw`^-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?$`;

const IS_INTEGER = (units: string): string =>
  `(${units} % etl_power_of_ten(38) = 0 AND intDiv(${units}, etl_power_of_ten(38)) BETWEEN -9223372036854775808 AND 9223372036854775807)`;

/** `body` over two numbers, `n` and `m`: beside NULL nothing is looked at. */
function numbersOf(body: string): string {
  const sides = { n: 'etl_number(if(y IS NULL, NULL, x))', m: 'etl_number(if(x IS NULL, NULL, y))' };
  return bind({ x: 'a', y: 'b' }, bind(sides, body));
}

function calculated(name: string, body: string): Functions {
  return define(`etl_${name}_dynamic`, ['a', 'b'], numbersOf(`toString(${body})`));
}

/** A cast by what it makes of a number, and of a text. */
function cast(type: string, ofNumber: string, ofText: string): Functions {
  const sides = {
    n: ofNumber.replace('$', 'if(is_text, NULL, etl_number_or_null(x))'),
    t: ofText.replace('$', 'etl_text_or_null(x)'),
  };
  return define(
    `etl_dynamic_to_${type}`,
    ['a'],
    bind({ x: 'a', is_text: `startsWith(a, '"')` }, bind(sides, 'if(is_text, t, n)')),
  );
}

export const untyped: Functions = {
  ...define('etl_text_or_null', ['a'], bind({ x: 'a' }, `if(startsWith(x, '"'), JSONExtractString(x), NULL)`)),
  ...define(
    'etl_number_or_null',
    ['a'],
    bind(
      { x: 'a', t: 'etl_text_or_null(a)' },
      `toDecimal256OrNull(if(t IS NULL, x, if(length(t) > 15 AND match(t, ${text(LONG)}), t, NULL)), 38)`,
    ),
  ),
  ...define(
    'etl_number',
    ['a'],
    bind({ x: 'a', n: 'etl_number_or_null(a)' }, unless('n IS NULL AND x IS NOT NULL', 'UNEXPECTED_VALUE', 'n')),
  ),
  ...define(
    'etl_text',
    ['a'],
    bind({ x: 'a', t: 'etl_text_or_null(a)' }, unless('t IS NULL AND x IS NOT NULL', 'UNEXPECTED_VALUE', 't')),
  ),
  ...calculated('add', 'n + m'),
  ...calculated('subtract', 'n - m'),
  ...calculated('multiply', 'etl_multiply_numeric(n, m)'),
  ...calculated('modulo', 'etl_modulo_numeric(n, m)'),
  ...define(
    'etl_divide_dynamic',
    ['a', 'b'],
    numbersOf(
      bind(
        { c: "reinterpret(n, 'Int256')", d: unless('m = 0', 'DIVISION_BY_ZERO', "reinterpret(m, 'Int256')") },
        `if(${IS_INTEGER('c')} AND ${IS_INTEGER('d')}, toString(intDiv(c, d)), toString(etl_divide_numeric(n, m)))`,
      ),
    ),
  ),
  ...define(
    'etl_compare_dynamic',
    ['a', 'b'],
    bind(
      { x: 'a', y: 'b' },
      bind(
        { n: 'etl_number_or_null(x)', m: 'etl_number_or_null(y)', t: 'etl_text_or_null(x)', u: 'etl_text_or_null(y)' },
        `if(t IS NOT NULL AND u IS NOT NULL, toInt8(t > u) - (t < u), ${unless(
          '(n IS NULL OR m IS NULL) AND (t IS NULL OR u IS NULL) AND x IS NOT NULL AND y IS NOT NULL',
          'MIXED_VALUES',
          'toInt8(n > m) - (n < m)',
        )})`,
      ),
    ),
  ),
  // A text for each number, in the order of the numbers; texts come behind.
  ...define(
    'etl_order_dynamic',
    ['a'],
    bind(
      { x: 'a', n: 'etl_number_or_null(a)' },
      "if(n IS NULL, concat('~', etl_text_or_null(x)), leftPad(toString(reinterpret(n, 'Int256') + etl_power_of_ten(76)), 78, '0'))",
    ),
  ),
  ...define(
    'etl_date_minus_dynamic',
    ['a', 'b'],
    bind(
      { d: 'a', n: "if(startsWith(b, '\"'), NULL, etl_number_or_null(b))", t: 'etl_text_or_null(b)' },
      'ifNull(toJSONString(toString(etl_subtract_date(d, etl_numeric_to_integer(n)))), toString(etl_days_between(d, etl_text_to_date(t))))',
    ),
  ),
  ...cast('text', 'toString($)', '$'),
  ...cast('integer', 'etl_numeric_to_integer($)', 'etl_text_to_integer($)'),
  ...cast('numeric', '$', 'etl_text_to_numeric($)'),
  ...cast('double', 'toFloat64(toString($))', 'etl_text_to_double($)'),
  ...cast('boolean', 'CAST($ != 0 AS Nullable(Bool))', 'etl_text_to_boolean($)'),
};
