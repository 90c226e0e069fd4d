/** Doubles of ClickHouse: results too large or too small are refused, and sums are exact. */
import { bind, define, divided, type Functions, text, unless } from './say.ts';

/** A calculation of two doubles: what is no number is NULL, and infinity comes of infinity alone. */
function calculated(name: string, operator: string, mayBeZero = 'TRUE'): Functions {
  const overflows = 'isInfinite(z) AND NOT isInfinite(x) AND NOT isInfinite(y)';
  return define(
    name,
    ['a', 'b'],
    bind(
      { x: 'a', y: 'b' },
      bind(
        { z: `x ${operator} y` },
        unless(`(${overflows}) OR (z = 0 AND NOT (${mayBeZero}))`, 'OUT_OF_RANGE', 'if(isNaN(z), NULL, z)'),
      ),
    ),
  );
}

const calculations: Functions = {
  ...calculated('etl_add_double', '+'),
  ...calculated('etl_subtract_double', '-'),
  ...calculated('etl_multiply_double', '*', 'x = 0 OR y = 0'),
  ...calculated('etl_quotient_of_doubles', '/', 'x = 0 OR isInfinite(y)'),
  ...define(
    'etl_divide_double',
    ['a', 'b'],
    divided({ x: 'a', y: 'b' }, `etl_quotient_of_doubles(x, ${unless('y = 0', 'DIVISION_BY_ZERO', 'y')})`),
  ),
};

/** PostgreSQL's spelling: from 1e-4 up to 1e15 without an exponent. `d` are the digits, `p` the power of the first. */
const PLAIN = `multiIf(p < 0, concat('0.', repeat('0', toUInt32(greatest(- p - 1, 0))), d),
  toInt64(length(d)) <= p + 1, rpad(d, toUInt32(greatest(p + 1, 1)), '0'),
  concat(substring(d, 1, toUInt32(p + 1)), '.', substring(d, toUInt32(p + 2))))`;
const SCIENTIFIC = `concat(substring(d, 1, 1), if(length(d) > 1, '.', ''), substring(d, 2),
  if(p < 0, 'e-', 'e+'), leftPad(toString(abs(p)), 2 + (abs(p) > 99), '0'))`;

const toText = define(
  'etl_double_to_text',
  ['a'],
  bind(
    { x: 'toString(abs(a))', s: "if(startsWith(toString(a), '-'), '-', '')" },
    `multiIf(x = 'inf', concat(s, 'Infinity'), x = '0', concat(s, '0'), concat(s, ${bind(
      {
        w: String.raw`extract(x, '^\\d+')`,
        f: String.raw`extract(x, '\\.(\\d+)')`,
        e: `toInt32OrZero(extract(x, 'e(.+)'))`,
      },
      bind(
        {
          d: "trim(BOTH '0' FROM concat(w, f))",
          p: "toInt64(length(w)) - 1 - (toInt64(length(w)) + length(f) - length(trim(LEADING '0' FROM concat(w, f)))) + e",
        },
        `if(p >= -4 AND p < 15, ${PLAIN}, ${SCIENTIFIC})`,
      ),
    )}))`,
  ),
);

const NUMBER = String.raw`^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$`;

const casts: Functions = {
  ...toText,
  ...define(
    'etl_text_to_double',
    ['a'],
    bind(
      { x: 'lower(etl_without_space(a))' },
      bind(
        { z: "toFloat64OrZero(replaceOne(x, '+', ''))", n: `match(x, ${text(NUMBER)})` },
        unless(
          `NOT n AND NOT match(x, '^(nan|[+-]?inf(inity)?)$')`,
          'BAD_CAST',
          unless(
            `n AND (isInfinite(z) OR (z = 0 AND match(x, '^[^e]*[1-9]')))`,
            'VALUE_OUT_OF_RANGE',
            "multiIf(isNull(x), NULL, n, z, x = 'nan', NULL, startsWith(x, '-'), -inf, inf)",
          ),
        ),
      ),
    ),
  ),
  ...define(
    'etl_double_to_numeric',
    ['a'],
    bind({ x: 'a' }, `etl_text_to_numeric(${unless('isInfinite(x)', 'VALUE_OUT_OF_RANGE', "printf('%.14e', x)")})`),
  ),
  // A double is the decimal number of its digits, but for more digits than it keeps: then it is no decimal number.
  ...define(
    'etl_key_of_double',
    ['a'],
    bind(
      { x: 'a' },
      `multiIf(x = trunc(x) AND abs(x) < 9223372036854775807, toDecimal256(toInt64(x), 38),
  abs(x) < 1e37 AND abs(x) > 1e-22 AND toFloat64(printf('%.14e', x)) = x, etl_text_to_numeric(printf('%.14e', x)), NULL)`,
    ),
  ),
};

/**
 * A sum is kept in parts: a double is a whole number of 2^-1074, and what it brings is put to one of sixteen parts of 128
 * bits. 100 and 101 count infinities, 200 all values, so that a sum of 0 is told from none.
 */
const exact: Functions = {
  ...define('etl_exponent', ['a'], "bitAnd(bitShiftRight(reinterpret(a, 'UInt64'), 52), 2047)"),
  ...define(
    'etl_exact_part',
    ['a'],
    bind({ x: 'a' }, 'multiIf(x = inf, 100, x = -inf, 101, intDiv(greatest(etl_exponent(x), 1) - 1, 128))'),
  ),
  ...define(
    'etl_exact_units',
    ['a'],
    bind(
      { x: 'a' },
      `if(isInfinite(x), toInt256(1), if(x < 0, -1, 1)
  * bitShiftLeft(toInt256(bitAnd(reinterpret(x, 'UInt64'), 4503599627370495) + if(etl_exponent(x) > 0, 4503599627370496, 0)),
    (greatest(etl_exponent(x), 1) - 1) % 128))`,
    ),
  ),
  ...define(
    'etl_carried',
    ['a'],
    `arrayFold((so, part) -> (arrayPushBack(so.1, bitAnd(part + so.2, toInt256('340282366920938463463374607431768211455'))),
  bitShiftRight(part + so.2, 128)), a, (emptyArrayInt256(), toInt256(0)))`.replace(
      'emptyArrayInt256()',
      'CAST([] AS Array(Int256))',
    ),
  ),
  ...define(
    'etl_exact_magnitude',
    ['a'],
    bind(
      { x: 'a', t: 'arrayLastIndex(part -> part != 0, a)' },
      bind(
        {
          v: "toUInt256(x[t]) * toUInt256('340282366920938463463374607431768211456') + if(t > 1, toUInt256(x[t - 1]), toUInt256(0))",
        },
        bind(
          { r: 'toInt32(greatest(arrayCount(bit -> bitShiftRight(v, bit) > 0, range(256)), 55)) - 55' },
          bind(
            {
              q: 'bitShiftRight(v, r)',
              e: 'r + 128 * (toInt32(t) - 2) - 1074',
            },
            `if(t = 0, toFloat64(0), toFloat64(toUInt64(q) + if(q % 2 = 0 AND (bitShiftLeft(q, r) != v
  OR arrayExists(part -> part != 0, arraySlice(x, 1, greatest(toInt32(t) - 2, 0)))), 1, 0))
  * exp2(if(e < -900, e + 200, e)) * exp2(if(e < -900, -200, 0)))`,
          ),
        ),
      ),
    ),
  ),
  ...define(
    'etl_exact_to_double',
    ['a'],
    bind(
      { k: 'a.1', v: 'a.2' },
      `multiIf(empty(k) OR (has(k, 100) AND has(k, 101)), NULL, has(k, 100), inf, has(k, 101), -inf, ${bind(
        { d: 'arrayMap(part -> v[indexOf(k, part)], range(17))' },
        bind(
          { s: 'etl_carried(d).2 < 0' },
          bind(
            { z: 'if(s, -1, 1) * etl_exact_magnitude(etl_carried(if(s, arrayMap(part -> - part, d), d)).1)' },
            unless('isInfinite(z)', 'OUT_OF_RANGE', 'z'),
          ),
        ),
      )})`,
    ),
  ),
};

export const doubles: Functions = { ...calculations, ...casts, ...exact };
