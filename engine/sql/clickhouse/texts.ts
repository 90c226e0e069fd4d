/** Texts of ClickHouse, which are bytes: places and lengths are counted in characters of UTF-8. */
import { bind, define, type Functions, text, unless } from './say.ts';

/** A pattern of LIKE as a regular expression: a backslash takes the next character as it is. */
const PATTERN = `concat('^', arrayStringConcat(arrayMap(sign -> multiIf(sign = '%', '(?s:.*)', sign = '_', '(?s:.)',
  sign = ${text('\\')}, ${text('[^\\s\\S]')}, regexpQuoteMeta(if(startsWith(sign, ${text('\\')}), substring(sign, 2), sign))),
  extractAll(assumeNotNull(b), ${text(String.raw`(?s)\\.|.`)}))), '$')`;

const TRUE = `^(?:t(?:r(?:ue?)?)?|y(?:es?)?|on|1)$`;
const FALSE = `^(?:f(?:a(?:l(?:se?)?)?)?|no?|off?|0)$`;
const UUID = String.raw`^(?:\{(?:[\da-f]{4}-?){7}[\da-f]{4}\}|(?:[\da-f]{4}-?){7}[\da-f]{4})$`;

/** A byte that stands in a text as itself, as two backslashes, or as three octal digits behind one. */
const BYTE = `multiIf(length(sign) = 4 AND startsWith(sign, ${text('\\')}), char(toUInt8OrZero(substring(sign, 2, 1)) * 64
  + toUInt8OrZero(substring(sign, 3, 1)) * 8 + toUInt8OrZero(substring(sign, 4, 1))), sign = ${text('\\\\')}, ${text('\\')}, sign)`;

const casts: Functions = {
  ...define(
    'etl_text_to_boolean',
    ['a'],
    bind(
      { x: 'lower(etl_without_space(a))' },
      unless(
        `NOT match(x, ${text(`${TRUE}|${FALSE}`)})`,
        'BAD_CAST',
        `if(isNull(x), NULL, if(match(x, ${text(TRUE)}), true, false))`,
      ),
    ),
  ),
  ...define(
    'etl_text_to_uuid',
    ['a'],
    bind(
      { x: 'lower(a)' },
      `toUUIDOrNull(${unless(
        `NOT match(x, ${text(UUID)})`,
        'BAD_CAST',
        String.raw`replaceRegexpOne(replaceRegexpAll(x, '[{}-]', ''), '^(.{8})(.{4})(.{4})(.{4})', '\\1-\\2-\\3-\\4-')`,
      )})`,
    ),
  ),
  ...define('etl_text_to_json', ['a'], bind({ x: 'a' }, unless('NOT isValidJSON(x)', 'BAD_CAST', 'x'))),
  ...define(
    'etl_text_to_bytes',
    ['a'],
    bind(
      { x: 'a' },
      `if(startsWith(x, ${text('\\x')}), ${bind(
        { h: `replaceRegexpAll(substring(x, 3), ${text('[ \\t\\n\\r]')}, '')` },
        unless("NOT match(h, '^([0-9a-fA-F]{2})*$')", 'BAD_CAST', 'unhex(h)'),
      )}, ${bind(
        { l: `extractAll(assumeNotNull(x), ${text(String.raw`(?s)\\\\|\\[0-3][0-7]{2}|.`)})`, n: 'isNull(x)' },
        `if(n, NULL, ${unless(`has(l, ${text('\\')})`, 'BAD_CAST', `arrayStringConcat(arrayMap(sign -> ${BYTE}, l))`)})`,
      )})`,
    ),
  ),
};

export const texts: Functions = {
  ...casts,
  ...define('etl_like', ['a', 'b'], `if(isNull(a) OR isNull(b), NULL, match(a, ${PATTERN}))`),
  ...define(
    'etl_substr',
    ['a', 'b', 'c'],
    bind(
      { x: 'a', f: 'if(b < 1, 1, b)', e: unless('c < 0', 'NEGATIVE_LENGTH', 'toInt128(b) + c') },
      "multiIf(isNull(x) OR isNull(e), NULL, e <= f, '', substringUTF8(x, toInt64(least(f, 2000000000)), toInt64(least(e - f, 2000000000))))",
    ),
  ),
  ...define('etl_part_of_key', ['a'], bind({ x: 'a' }, "if(isNull(x), 'n', concat(toString(length(x)), ':', x))")),
  ...define(
    'etl_fail',
    ['why', 'nothing'],
    "if(throwIf(materialize(1), 'a constant can not be computed') = 0, nothing, nothing)",
  ),
};
