/**
 * Integers and decimals of ClickHouse. Integers of 64 bits wrap around there, so they are computed with more and held
 * against the range. A decimal is taken for what it is inside, a whole number of units of 10^-38.
 */
import { bind, define, divided, type Functions, text, unless } from './say.ts';

const INTEGER = "'Nullable(Int64)'";
const NUMBER = String.raw`^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$`;

/** What C takes for space. */
const SPACES = ' \t\n\v\f\r';

const integers: Functions = {
  ...define('etl_add_integer', ['a', 'b'], `accurateCast(toInt128(a) + b, ${INTEGER})`),
  ...define('etl_subtract_integer', ['a', 'b'], `accurateCast(toInt128(a) - b, ${INTEGER})`),
  ...define('etl_multiply_integer', ['a', 'b'], `accurateCast(toInt128(a) * b, ${INTEGER})`),
  ...define(
    'etl_divide_integer',
    ['a', 'b'],
    divided({ x: 'a', y: 'b' }, `accurateCast(intDiv(toInt128(x), y), ${INTEGER})`),
  ),
  ...define('etl_modulo_integer', ['a', 'b'], divided({ x: 'a', y: 'b' }, `accurateCast(toInt128(x) % y, ${INTEGER})`)),
  ...define('etl_negate_integer', ['a'], `accurateCast(- toInt128(a), ${INTEGER})`),
  ...define('etl_abs_integer', ['a'], `accurateCast(abs(toInt128(a)), ${INTEGER})`),
  ...define('etl_without_space', ['a'], `trim(BOTH ${text(SPACES)} FROM a)`),
  ...define(
    'etl_text_to_integer',
    ['a'],
    bind(
      { x: 'etl_without_space(a)' },
      `accurateCast(toInt128OrNull(${unless(`NOT match(x, ${text(String.raw`^[+-]?0*\d{1,25}$`)})`, 'BAD_CAST', "replaceOne(x, '+', '')")}), ${INTEGER})`,
    ),
  ),
};

/** Ten to the power of n, from 0 to 76. */
const powers = define('etl_power_of_ten', ['n'], "toInt256(concat('1', repeat('0', n)))");

/** Where the first digit of a number of units stands, counted in groups of four from the point, and that group. */
const groups: Functions = {
  ...define('etl_group', ['a'], 'intDiv(length(toString(a)) - 39 + 4000, 4) - 1000'),
  ...define(
    'etl_leading',
    ['a'],
    bind(
      { x: 'a' },
      "toInt32OrZero(substring(rpad(toString(x), 4, '0'), 1, length(toString(x)) - 38 - 4 * (etl_group(x))))",
    ),
  ),
  // Digits behind the point, without zeros at the end.
  ...define('etl_places', ['a'], `greatest(38 - length(extract(toString(a), '0*$')), 0)`),
};

/** PostgreSQL's number of places for a quotient (`select_div_scale` of its numeric.c). */
const quotientPlaces = define(
  'etl_quotient_places',
  ['a', 'b'],
  bind(
    { x: 'a', y: 'b' },
    'least(greatest(16 - 4 * (etl_group(x) - (etl_group(y)) - (etl_leading(x) <= etl_leading(y))), etl_places(x), etl_places(y)), 1000)',
  ),
);

const MORE = 'a numeric of more digits than ClickHouse has';

/** The quotient of two numbers of units, neither of them negative, halves rounded up. */
const quotient = define(
  'etl_quotient',
  ['a', 'b'],
  bind(
    { x: 'a', y: 'b', p: 'etl_places(a)', q: 'etl_places(b)', r: 'etl_quotient_places(a, b)' },
    bind(
      { n: 'intDiv(x, etl_power_of_ten(38 - p))', d: 'intDiv(y, etl_power_of_ten(38 - q))', k: 'r - p + q' },
      bind(
        {
          z: unless('length(toString(n)) + k > 75', MORE, 'intDiv(2 * n * etl_power_of_ten(least(k, 76)) + d, 2 * d)'),
        },
        unless(
          'length(toString(z)) + 38 - r > 76 OR (r > 38 AND z % etl_power_of_ten(least(greatest(r - 38, 0), 76)) != 0)',
          MORE,
          `toInt256(if(r > 38, intDiv(z, etl_power_of_ten(least(greatest(r - 38, 0), 76))), z * etl_power_of_ten(greatest(38 - r, 0))))`,
        ),
      ),
    ),
  ),
);

const division = define(
  'etl_divide_numeric',
  ['a', 'b'],
  divided(
    { x: "reinterpret(a, 'Int256')", y: "reinterpret(b, 'Int256')" },
    bind(
      { m: 'abs(x)', o: unless('y = 0', 'DIVISION_BY_ZERO', 'abs(y)') },
      "reinterpret(sign(x) * sign(y) * (etl_quotient(m, o)), 'Decimal(76, 38)')",
    ),
  ),
);

const numerics: Functions = {
  ...powers,
  ...groups,
  ...quotientPlaces,
  ...quotient,
  ...division,
  ...define(
    'etl_multiply_numeric',
    ['a', 'b'],
    bind(
      { x: 'a', y: 'b' },
      unless(
        "etl_places(reinterpret(x, 'Int256')) + etl_places(reinterpret(y, 'Int256')) > 38 AND x != 0 AND y != 0",
        MORE,
        'multiplyDecimal(x, y, 38)',
      ),
    ),
  ),
  ...define(
    'etl_modulo_numeric',
    ['a', 'b'],
    divided(
      { x: "reinterpret(a, 'Int256')", y: "reinterpret(b, 'Int256')" },
      unless('y = 0', 'DIVISION_BY_ZERO', "reinterpret(toInt256(x % y), 'Decimal(76, 38)')"),
    ),
  ),
  ...define(
    'etl_round_numeric',
    ['a', 'n'],
    bind(
      { x: "if(n IS NULL, NULL, reinterpret(a, 'Int256'))", m: 'least(greatest(n, -39), 38)' },
      bind(
        { u: 'etl_power_of_ten(least(38 - m, 76))' },
        "if(m = -39, toDecimal256(0, 38), reinterpret(toInt256(sign(x) * intDiv(abs(x) + intDiv(u, 2), u) * u), 'Decimal(76, 38)'))",
      ),
    ),
  ),
  ...define(
    'etl_numeric_to_integer',
    ['a'],
    `accurateCast(intDiv(reinterpret(etl_round_numeric(a, 0), 'Int256'), etl_power_of_ten(38)), ${INTEGER})`,
  ),
  ...define(
    'etl_text_to_numeric',
    ['a'],
    bind(
      { x: unless(`NOT match(etl_without_space(a), ${text(NUMBER)})`, 'BAD_CAST', 'etl_without_space(a)') },
      bind(
        {
          w: String.raw`extract(x, '^[+-]?(\\d*)')`,
          f: String.raw`extract(x, '\\.(\\d*)')`,
          e: String.raw`toInt32OrZero(extract(x, '[eE]\\+?(-?\\d+)'))`,
        },
        bind(
          { d: "trim(TRAILING '0' FROM concat(w, f))" },
          unless(
            "d != '' AND (toInt64(length(d)) - length(w) - e > 38 OR e + toInt64(length(w)) - length(d) + length(trim(LEADING '0' FROM d)) > 38)",
            MORE,
            'toDecimal256(x, 38)',
          ),
        ),
      ),
    ),
  ),
};

export const numbers: Functions = { ...integers, ...numerics };
