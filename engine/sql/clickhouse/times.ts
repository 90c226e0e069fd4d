/** Dates and times of ClickHouse, which has them from 1900 to 2299 and cuts what goes beyond: here it is refused. */
import { bind, define, type Functions, text, unless } from './say.ts';

/** What `Date32` and `DateTime64` hold, in days and microseconds from 1970. */
const [FIRST_DAY, LAST_DAY] = [-25_567, 120_529];
const DAY = 86_400_000_000;

const TIME =
  String.raw`^(\d{4,7})-(\d{1,2})-(\d{1,2})` +
  String.raw`(?:(?:[ \t]+|[Tt])(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d*))?)?` +
  String.raw`(?:[ \t]*([Zz]|(?i:UTC|GMT)|[+-]\d{1,2}(?::?\d{2}(?::?\d{2})?)?))?)?` +
  String.raw`(?:[ \t]+(?i:AD))?$`;

const ZONE = String.raw`^([+-])(\d{1,2}):?(\d{2})?:?(\d{2})?$`;

const part = (n: number): string => `toInt64OrZero(g[${n}])`;

/** Days from 1970-01-01; the algorithm is Howard Hinnant's `days_from_civil`. */
const days = define(
  'etl_days',
  ['a', 'b', 'c'],
  bind(
    { y: 'a - (b <= 2)', m: 'b + if(b > 2, -3, 9)', d: 'c' },
    'intDiv(y, 400) * 146097 + (y % 400) * 365 + intDiv(y % 400, 4) - intDiv(y % 400, 100) + intDiv(153 * m + 2, 5) + d - 1 - 719468',
  ),
);

const isDay = `${part(1)} > 0 AND ${part(2)} BETWEEN 1 AND 12 AND ${part(3)} BETWEEN 1 AND multiIf(${part(2)} IN (4, 6, 9, 11), 30,
  ${part(2)} != 2, 31, ${part(1)} % 4 = 0 AND (${part(1)} % 100 != 0 OR ${part(1)} % 400 = 0), 29, 28)`;
const isTime = `${part(5)} < 60 AND (${part(6)} < 60 OR (${part(6)} = 60 AND f = 0))
  AND (${part(4)} < 24 OR (${part(4)} = 24 AND ${part(5)} + ${part(6)} + f = 0))`;
const isZone = 'toInt64OrZero(o[2]) < 16 AND toInt64OrZero(o[3]) < 60 AND toInt64OrZero(o[4]) < 60';

const OFFSET = "if(o[1] = '-', -1, 1) * ((toInt64OrZero(o[2]) * 60 + toInt64OrZero(o[3])) * 60 + toInt64OrZero(o[4]))";

/** Microseconds from 1970 that a text tells, of the day alone (0), of the time (1), or of the instant (2). */
const reading = define(
  'etl_microseconds',
  ['a', 'kind'],
  bind(
    { g: `extractGroups(ifNull(etl_without_space(a), ''), ${text(TIME)})`, n: 'isNull(a)' },
    bind(
      {
        f: "toInt64(roundBankers(toFloat64OrZero(concat('0.', g[7])) * 1000000))",
        o: `extractGroups(g[8], ${text(ZONE)})`,
      },
      `if(n, NULL, ${unless(
        'NOT n AND empty(g)',
        'BAD_CAST',
        unless(
          `NOT n AND NOT (${isDay} AND ${isTime} AND (${isZone}))`,
          'VALUE_OUT_OF_RANGE',
          `toInt128(etl_days(${part(1)}, ${part(2)}, ${part(3)})) * ${DAY} + if(kind = 0, 0,
  ((${part(4)} * 60 + ${part(5)}) * 60 + ${part(6)} - if(kind = 2, ${OFFSET}, 0)) * 1000000 + f)`,
        ),
      )})`,
    ),
  ),
);

export const times: Functions = {
  ...days,
  ...reading,
  ...define(
    'etl_date',
    ['a'],
    bind(
      { x: 'a' },
      unless(
        `x < ${FIRST_DAY} OR x > ${LAST_DAY}`,
        'VALUE_OUT_OF_RANGE',
        "addDays(toDate32('1970-01-01'), toInt32(x))",
      ),
    ),
  ),
  ...define(
    'etl_timestamp',
    ['a'],
    bind(
      { x: 'a' },
      unless(
        `x < toInt128(${FIRST_DAY}) * ${DAY} OR x >= toInt128(${LAST_DAY + 1}) * ${DAY}`,
        'VALUE_OUT_OF_RANGE',
        "fromUnixTimestamp64Micro(toInt64(x), 'UTC')",
      ),
    ),
  ),
  ...define('etl_text_to_date', ['a'], `etl_date(intDiv(etl_microseconds(a, 0), ${DAY}))`),
  ...define('etl_text_to_timestamp', ['a'], 'etl_timestamp(etl_microseconds(a, 1))'),
  ...define('etl_text_to_timestamptz', ['a'], 'etl_timestamp(etl_microseconds(a, 2))'),
  ...define('etl_timestamp_to_text', ['a'], String.raw`replaceRegexpOne(toString(a), '\\.?0+$', '')`),
  ...define('etl_timestamptz_to_text', ['a'], "concat(etl_timestamp_to_text(a), '+00')"),
  ...define('etl_add_date', ['a', 'b'], 'etl_date(toInt128(toInt32(a)) + b)'),
  ...define('etl_subtract_date', ['a', 'b'], 'etl_date(toInt128(toInt32(a)) - b)'),
  ...define('etl_days_between', ['a', 'b'], 'toInt64(toInt32(a)) - toInt32(b)'),
};
