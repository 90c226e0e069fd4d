/** Random expressions, mostly of fitting types. Every operator has parentheses around it, but in the soup. */
import fc from 'fast-check';

const NUMBERS = [
  't.i',
  't.k',
  't.n',
  't.m',
  't.d',
  't.e',
  '0',
  '1',
  '-3',
  '2.50',
  '0.001',
  '1e3',
  '9223372036854775807',
  '3037000500',
  "'4'",
  'null',
];
const TEXTS = ['t.s', 't.x', 't.c', "'abc'", "'A%'", "'_b%'", "''", "'é'", "'it''s'", "' 12 '", "'a\\%'", 'null'];
const TIMES = ['t.day', 't.at', 't.tz', "'2021-06-03'", "'2024-02-29 12:00'", 'null'];
const TRUTHS = ['t.b', 'true', 'false', 'null', "'yes'"];
const OTHERS = ['t.u', 't.y', 't.j', "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", "'\\x61'"];
const TYPES = [
  'integer',
  'numeric',
  'double',
  'boolean',
  'text',
  'date',
  'timestamp',
  'timestamptz',
  'uuid',
  'json',
  'bytes',
];

const leaf = (texts: readonly string[]) => fc.constantFrom(...texts);

function joined(...parts: (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> {
  return fc
    .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
    .map((all) => all.join(''));
}

const { any } = fc.letrec<Record<'any' | 'number' | 'text' | 'time' | 'truth', string>>((tie) => {
  const [any, number, text, time, truth] = [tie('any'), tie('number'), tie('text'), tie('time'), tie('truth')];
  const pick = (simple: readonly string[], ...composed: fc.Arbitrary<string>[]) =>
    fc.oneof({ maxDepth: 4, depthSize: 'medium', withCrossShrink: true }, leaf(simple), ...composed);
  const choices = (each: fc.Arbitrary<string>) => [
    joined('coalesce(', each, ', ', each, ')'),
    joined('nullif(', each, ', ', each, ')'),
    joined('case when ', truth, ' then ', each, ' else ', each, ' end'),
    joined('case ', number, ' when ', number, ' then ', each, ' when 1 then ', each, ' end'),
  ];
  const day = fc.oneof(leaf(['t.day', "'2021-06-03'"]), joined('cast(', time, ' as date)'));
  const comparison = leaf(['=', '<>', '<', '<=', '>', '>=']);
  return {
    number: pick(
      NUMBERS,
      joined('(', number, leaf([' + ', ' - ', ' * ', ' / ', ' % ']), number, ')'),
      joined('(- ', number, ')'),
      joined(leaf(['round(', 'abs(']), number, ')'),
      joined('round(cast(', number, ' as numeric), ', leaf(['0', '2', '-1', '20']), ')'),
      joined('cast(', any, ' as ', leaf(['integer', 'numeric', 'double']), ')'),
      joined('length(', text, ')'),
      joined(leaf(['year(', 'month(', 'day(', 'hour(']), time, ')'),
      joined('(', day, ' - ', day, ')'),
      ...choices(number),
    ),
    text: pick(
      TEXTS,
      joined('(', any, ' || ', text, ')'),
      joined(leaf(['lower(', 'upper(', 'trim(']), text, ')'),
      joined('substr(', text, ', ', leaf(['1', '2', '-1', '0', 't.i']), ')'),
      joined('substr(', text, ', ', leaf(['1', '2', '-1']), ', ', leaf(['0', '2', '3']), ')'),
      joined('replace(', text, ', ', leaf(["'b'", "''", 't.x']), ', ', text, ')'),
      joined('cast(', any, ' as text)'),
      joined('surrogate_key(', any, ', ', any, ')'),
      ...choices(text),
    ),
    time: pick(
      TIMES,
      joined('(t.day', leaf([' + ', ' - ']), leaf(['1', '400', 't.k']), ')'),
      joined('cast(', time, ' as ', leaf(['date', 'timestamp', 'timestamptz']), ')'),
      joined('date(', time, ')'),
      ...choices(time),
    ),
    truth: pick(
      TRUTHS,
      joined('(', number, ' ', comparison, ' ', number, ')'),
      joined('(', text, ' ', comparison, ' ', text, ')'),
      joined('(', time, ' ', comparison, ' ', time, ')'),
      joined('(', any, ' ', comparison, ' ', any, ')'),
      joined('(', truth, leaf([' and ', ' or ']), truth, ')'),
      joined('(not ', truth, ')'),
      joined('(', any, leaf([' is null', ' is not null']), ')'),
      joined('(', number, leaf([' in (', ' not in (']), leaf(NUMBERS), ', ', leaf(NUMBERS), '))'),
      joined('(', text, leaf([' in (', ' not in (']), leaf(TEXTS), ', ', leaf(TEXTS), '))'),
      joined('(', number, leaf([' between ', ' not between ']), number, ' and ', number, ')'),
      joined('(', text, leaf([' like ', ' not like ']), text, ')'),
      joined('cast(', any, ' as boolean)'),
    ),
    any: fc.oneof(number, text, time, truth, leaf(OTHERS), joined('cast(', text, ' as ', leaf(TYPES), ')')),
  };
});

export const randomExpression: fc.Arbitrary<string> = any;

const TERMS =
  't.b,t.b,t.i < t.k,t.n * t.k + t.i,- t.i - t.k <> t.k,t.i between t.k and t.i + t.k,t.b in (t.b),t.s like t.x || t.s'.split(
    ',',
  );
const WORDS =
  'and,and,or,or,and not,or not,is null and,is not null or,=,<>,= not,is null,<,+ t.i >,% t.k in (t.i) or,not in (t.k) and'.split(
    ',',
  );

/** Operators one after another, without any parentheses. */
export const operatorSoup: fc.Arbitrary<string> = fc
  .tuple(
    leaf(['', '', 'not ']),
    leaf(TERMS),
    fc.array(joined(' ', leaf(WORDS), ' ', leaf(TERMS)), { minLength: 1, maxLength: 4 }),
  )
  .map(([not, first, rest]) => not + first + rest.join(''));

const JSON_NAMES = ['a', 'b', '0', '', 'é', '__proto__', 'a"b'];

/** JSON with equal names, odd spaces, and numbers that no double holds. */
export const randomJson: fc.Arbitrary<string> = fc.letrec<Record<'value', string>>((tie) => {
  const space = leaf(['', '', ' ', '\n']);
  const listed = (open: string, item: fc.Arbitrary<string>, close: string) =>
    fc
      .tuple(space, fc.array(item, { maxLength: 4 }), leaf([',', ', ']))
      .map(([gap, items, comma]) => open + gap + items.join(comma) + gap + close);
  const scalar = leaf([
    'null',
    'true',
    'false',
    '-0.0',
    '12345678901234567890.10',
    '1e400',
    '""',
    '"x\\u00e9\\n\\"\\\\"',
    '"{\\"a\\":1}"',
  ]);
  const member = fc
    .tuple(leaf(JSON_NAMES), space, tie('value'))
    .map(([name, gap, value]) => `${JSON.stringify(name)}${gap}:${gap}${value}`);
  return { value: fc.oneof({ maxDepth: 3 }, scalar, listed('{', member, '}'), listed('[', tie('value'), ']')) };
}).value;

export const randomSteps: fc.Arbitrary<(string | number)[]> = fc.array(
  fc.oneof(fc.constantFrom(...JSON_NAMES), fc.integer({ min: -3, max: 3 })),
  { minLength: 1, maxLength: 3 },
);
