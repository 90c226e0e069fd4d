import { describe, expect, test } from 'vitest';
import type { ParsedExpression } from '../../engine/expression/expression.ts';
import { parseExpression } from '../../engine/expression/parse/parse.ts';
import { columnsOf, pathText, resolvePaths } from '../../engine/expression/paths.ts';
import { mistakes, parse, parsed } from './parsing.ts';

/** An expression with all its parentheses, so that a test shows what binds what. */
function shape(expression: ParsedExpression): string {
  const not = 'negated' in expression && expression.negated ? 'not ' : '';
  switch (expression.kind) {
    case 'path':
      return expression.segments.map(({ name }) => (typeof name === 'number' ? `[${name}]` : name)).join('.');
    case 'jsonpath':
      return `jsonpath(${shape(expression.of)}, ${expression.query})`;
    case 'null':
      return 'null';
    case 'boolean':
      return String(expression.value);
    case 'string':
      return `'${expression.value}'`;
    case 'number':
      return expression.digits;
    case 'unary':
      return `(${expression.op} ${shape(expression.operand)})`;
    case 'binary':
      return `(${shape(expression.left)} ${expression.op} ${shape(expression.right)})`;
    case 'is null':
      return `(${shape(expression.operand)} is ${not}null)`;
    case 'in':
      return `(${shape(expression.operand)} ${not}in ${expression.list.map(shape).join(' ')})`;
    case 'between':
      return `(${shape(expression.operand)} ${not}between ${shape(expression.low)} ${shape(expression.high)})`;
    case 'like':
      return `(${shape(expression.operand)} ${not}like ${shape(expression.pattern)})`;
    case 'case': {
      const whens = expression.whens.map(({ when, then }) => `${shape(when)}: ${shape(then)}`);
      const parts = [
        expression.operand && shape(expression.operand),
        ...whens,
        expression.otherwise && shape(expression.otherwise),
      ];
      return `(case ${parts.filter((part) => part !== null).join(', ')})`;
    }
    case 'cast':
      return `${expression.type}(${shape(expression.operand)})`;
    case 'call':
      return `${expression.name}(${expression.args.map(shape).join(', ')})`;
    case 'aggregate': {
      const { name, distinct, arg, filter, over } = expression;
      const orders = over?.order.map(
        ({ by, descending, nullsFirst }) =>
          `${shape(by)} ${descending ? 'desc' : 'asc'} nulls ${nullsFirst ? 'first' : 'last'}`,
      );
      const parts = [
        `${distinct ? 'distinct ' : ''}${arg ? shape(arg) : '*'}`,
        ...(filter ? [`where ${shape(filter)}`] : []),
        ...(over ? [`over [${over.partition.map(shape).join(', ')}] [${orders?.join(', ')}]`] : []),
      ];
      return `${name}(${parts.join(', ')})`;
    }
  }
}

describe('an aggregate is', () => {
  test.each([
    ['count(*)', 'count(*)'],
    ['COUNT ( DISTINCT a.x ) + 1', '(count(distinct a.x) + 1)'],
    ['sum(a.x + 1) filter (where a.y)', 'sum((a.x + 1), where a.y)'],
    ['sum(a.x) over ()', 'sum(a.x, over [] [])'],
    ['max(a.x) over (partition by a.y, a.z)', 'max(a.x, over [a.y, a.z] [])'],
    ['sum(sum(a.x)) over (order by a.y)', 'sum(sum(a.x), over [] [a.y asc nulls last])'],
    ['min(a.x) over (order by a.y desc, a.z asc)', 'min(a.x, over [] [a.y desc nulls first, a.z asc nulls last])'],
    ['avg(a.x) over (order by a.y desc nulls last)', 'avg(a.x, over [] [a.y desc nulls last])'],
    [
      'count(*) filter (where a.x) over (order by a.y nulls first)',
      'count(*, where a.x, over [] [a.y asc nulls first])',
    ],
    ['sum.x + count.over', '(sum.x + count.over)'],
    ['count(distinct.x)', 'count(distinct.x)'],
  ])('%s', (text, expected) => {
    expect(shape(parsed(text))).toBe(expected);
  });
});

describe('operators bind as in PostgreSQL', () => {
  test.each([
    ['1 + 2 * 3', '(1 + (2 * 3))'],
    ['1 - 2 - 3', '((1 - 2) - 3)'],
    ['- 1 * 2', '((- 1) * 2)'],
    ['2 - -1', '(2 - (- 1))'],
    ['1 + 2 || 3', '((1 + 2) || 3)'],
    ["a.x || 'b' = 'c'", "((a.x || 'b') = 'c')"],
    ['not a.x = 1', '(not (a.x = 1))'],
    ['not a.x is null', '(not (a.x is null))'],
    ['a.x = 1 is null', '((a.x = 1) is null)'],
    ['a.x is null = true', '((a.x is null) = true)'],
    ['a.x is not null is null', '((a.x is not null) is null)'],
    ['a.x or a.y and not a.z', '(a.x or (a.y and (not a.z)))'],
    ['a.x between 1 and 2 and a.y', '((a.x between 1 2) and a.y)'],
    ['a.x between 1 and 2 = true', '((a.x between 1 2) = true)'],
    ['a.x not between 1 + 1 and 2 || 3', '(a.x not between (1 + 1) (2 || 3))'],
    ["true = a.x like 'b'", "(true = (a.x like 'b'))"],
    ["a.x not like 'b' || '%'", "(a.x not like ('b' || '%'))"],
    ['a.x in (1, 2 + 3) in (true)', '((a.x in 1 (2 + 3)) in true)'],
    ['a.x = not a.y = a.z', '(a.x = (not (a.y = a.z)))'],
    ['a.x != 1', '(a.x <> 1)'],
    ['(1 + 2) * 3', '((1 + 2) * 3)'],
  ])('%s', (text, expected) => {
    expect(shape(parsed(text))).toBe(expected);
  });
});

describe('operands', () => {
  test.each([
    ["'it''s'", "'it's'"],
    ['1.50', '1.50'],
    ['1.5e3', '1.5e3'],
    ['.5', '.5'],
    ['90071992547409931234567890', '90071992547409931234567890'],
    ['TRUE and NULL is NULL', '(true and (null is null))'],
    ['CASE when a.x then 1 ELSE 2 end', '(case a.x: 1, 2)'],
    ["case a.x when 1 then 'b' when 2 then 'c' end", "(case a.x, 1: 'b', 2: 'c')"],
    ['Coalesce(a.x, ROUND(a.y))', 'coalesce(a.x, round(a.y))'],
    ['cast(a.x as Numeric)', 'numeric(a.x)'],
    ['i.select', 'i.select'],
    ['end.case.when', 'end.case.when'],
    ['not.null', 'not.null'],
    ['a . x', 'a.x'],
    ['Ä.straße', 'Ä.straße'],
    ['a.column.field[0]."odd ""name"""[-1]', 'a.column.field.[0].odd "name".[-1]'],
    ['"a.b"."__proto__"', 'a.b.__proto__'],
    ['amount', 'amount'],
    ["jsonpath(a.x, '$..b')", 'jsonpath(a.x, $..b)'],
  ])('%s', (text, expected) => {
    expect(shape(parsed(text))).toBe(expected);
  });
});

describe('a mistake is found and pointed at', () => {
  test.each([
    ['', 'EXPRESSION_ENDS'],
    ['a.x +', 'EXPRESSION_ENDS'],
    ['a.x b', 'EXPRESSION_SYNTAX b'],
    ['(a.x', 'EXPRESSION_ENDS'],
    ['a.x)', 'EXPRESSION_SYNTAX )'],
    ['a.x = = 1', 'EXPRESSION_SYNTAX ='],
    ['a.x == 1', 'EXPRESSION_SYNTAX ='],
    ['a.x < 1 < 2', 'CHAINED_OPERATORS <'],
    ["a.x like 'b' like 'c'", 'CHAINED_OPERATORS like'],
    ['a.x between 1 and 2 between 3 and 4', 'CHAINED_OPERATORS between'],
    ["'open", "OPEN_QUOTE '"],
    ['a."open', 'OPEN_QUOTE "'],
    ['1 --2', 'EXPRESSION_SYNTAX --'],
    ['a.x::text', 'EXPRESSION_SYNTAX :'],
    ['12ab', 'BAD_NUMBER 12ab'],
    ['1.2.3', 'BAD_NUMBER 1.2.3'],
    ['a.x[1.5]', 'BAD_INDEX 1.5'],
    ['a.x[99999999999999999999]', 'BAD_INDEX 99999999999999999999'],
    ['a.x is 1', 'EXPRESSION_SYNTAX 1'],
    ['a.x in ()', 'EXPRESSION_SYNTAX )'],
    ['case end', 'EXPRESSION_SYNTAX end'],
    ['case when a.x then 1', 'EXPRESSION_ENDS'],
    ['a.', 'EXPRESSION_ENDS'],
    ['and', 'EXPRESSION_SYNTAX and'],
    ['uper(a.x)', 'UNKNOWN_FUNCTION uper'],
    ['nullif(a.x)', 'ARGUMENT_COUNT nullif(a.x)'],
    ['cast(a.x as bigint)', 'UNKNOWN_TYPE bigint'],
    ['sum(*)', 'EXPRESSION_SYNTAX *'],
    ['sum()', 'EXPRESSION_SYNTAX )'],
    ['sum(a.x, a.y)', 'EXPRESSION_SYNTAX ,'],
    ['sum(distinct a.x)', 'DISTINCT_NOT_HERE sum(distinct a.x)'],
    ['count(distinct *)', 'EXPRESSION_SYNTAX *'],
    ['count(distinct a.x) over ()', 'DISTINCT_NOT_HERE count(distinct a.x) over ()'],
    ['count(*) filter (a.x)', 'EXPRESSION_SYNTAX a'],
    ['count(*) filter (where a.x', 'EXPRESSION_ENDS'],
    ['count(*) over (a.x)', 'EXPRESSION_SYNTAX a'],
    ['count(*) over (order by a.x partition by a.y)', 'EXPRESSION_SYNTAX partition'],
    ['count(*) over (order by a.x nulls)', 'EXPRESSION_SYNTAX )'],
    ['a.x + row_number() over ()', 'WINDOW_FUNCTION row_number'],
    ["jsonpath('a', '$')", "JSONPATH_ARGUMENTS jsonpath('a', '$')"],
    ["jsonpath(a.x, '$[?(@.b)]')", "JSONPATH_SCRIPT '$[?(@.b)]'"],
    ["jsonpath(a.x, 'b')", "JSONPATH_SYNTAX 'b'"],
  ])('%s', (text, expected) => {
    expect(mistakes(text)).toEqual([expected]);
  });

  test('all at once where the syntax is right', () => {
    expect(mistakes('uper(a.x) + cast(a.y as int) + nullif(1)')).toEqual([
      'UNKNOWN_FUNCTION uper',
      'UNKNOWN_TYPE int',
      'ARGUMENT_COUNT nullif(1)',
    ]);
  });

  test('with what else a function or type is called as a hint', () => {
    const hints = ['uper(a.x)', 'substring(a.x)', 'cast(a.x as bigint)'].map((text) => {
      const result = parse(text);
      return 'problems' in result ? result.problems[0]?.hint : '';
    });
    expect(hints).toEqual([
      '"upper" is spelled almost the same',
      'here it is called "substr"',
      'here it is called "integer"',
    ]);
  });

  test('in the places of the file, not of the text', () => {
    const result = parseExpression('a.x + ', (offset) => offset + 100);
    expect(result).toMatchObject({ problems: [{ span: { start: 106, end: 106 } }] });
    const good = parseExpression('a.x + 1', (offset) => offset * 2);
    expect(good).toMatchObject({
      expression: { span: { start: 0, end: 14 }, right: { span: { start: 12, end: 14 } } },
    });
  });
});

describe('depth is bounded', () => {
  const many = 100_000;
  test.each([
    ['parentheses', `${'('.repeat(many)}1${')'.repeat(many)}`],
    ['signs', `${'- '.repeat(many)}1`],
    ['a chain', Array(many).fill('1').join(' + ')],
    ['calls', `${'abs('.repeat(many)}1`],
    ['cases', 'case when '.repeat(many)],
    ['negations', `${'not '.repeat(many)}true`],
  ])('%s', (_, text) => {
    expect(mistakes(text).map((each) => each.split(' ')[0])).toEqual(['EXPRESSION_TOO_DEEP']);
  });

  test('but a list may be long', () => {
    expect(mistakes(`a.x in (${Array(many).fill('1').join(', ')})`)).toEqual([]);
  });
});

describe('paths', () => {
  test('are listed in the order written, each as often as it stands there', () => {
    const result = parse('case a.x when b.y then a.x else -c.z end in (d.w, 1)');
    if ('problems' in result) throw new Error('does not parse');
    expect(columnsOf(result.expression).map(({ alias }) => alias)).toEqual(['a', 'b', 'a', 'c', 'd']);
  });

  test('that are refused are refused all at once', () => {
    const result = resolvePaths(parsed('a.x + b.y'), (leaf) => ({
      code: 'UNKNOWN_TABLE',
      facts: { name: 'a' },
      span: leaf.span,
    }));
    expect(result).toMatchObject({ problems: [{ span: { start: 0 } }, { span: { start: 6 } }] });
  });

  test.each([
    ['column.field[0]."odd ""name"""[-1]'],
    ['"upper case".Select'],
    ['a."0"'],
    ['"source".file'],
    ['a."b.c"'],
  ])('%s is its own text', (text) => {
    const result = parse(`t.${text}`);
    if ('problems' in result || result.expression.kind !== 'column') throw new Error('is no path');
    expect(pathText(result.expression.path)).toBe(text);
  });

  test('of different kinds have different texts', () => {
    const texts = [
      pathText({ kind: 'fact', fact: 'file' }),
      pathText({ kind: 'nested', column: 'source', steps: ['file'] }),
      pathText({ kind: 'nested', column: 'source.file', steps: [] }),
      pathText({ kind: 'nested', column: 'a', steps: [0] }),
      pathText({ kind: 'nested', column: 'a', steps: ['0'] }),
      pathText({ kind: 'nested', column: 'a', steps: ['[0]'] }),
      pathText({ kind: 'jsonpath', column: 'a', query: '$' }),
      pathText({ kind: 'nested', column: "jsonpath(a, '$')", steps: [] }),
    ];
    expect(new Set(texts).size).toBe(texts.length);
  });
});
