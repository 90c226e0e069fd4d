// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of a mapping look like those of a template.
import { describe, expect, test } from 'vitest';
import { findingsOf, hintsOf, mappingOf, payments, replaced } from './mappings.ts';

const three = replaced('from: event', '  customer: { key: id }\nfrom: event');

/** The mapping over three tables with these join lines. */
function joined(...lines: string[]): string {
  return replaced(
    '  - event.transaction_id = transaction.transaction_id\n',
    lines.map((line) => `  - ${line}\n`).join(''),
    three,
  );
}

describe('a join', () => {
  const [first, second] = ['event.transaction_id = transaction.id', 'transaction.customer = customer.id'];

  test('brings its table whichever side it stands on', () => {
    const { joins } = mappingOf(joined('transaction.id = event.transaction_id', second));
    expect(joins[0]).toMatchObject({
      kind: 'inner',
      relation: { alias: 'transaction' },
      on: [{ left: { alias: 'event' }, right: { alias: 'transaction' } }],
    });
  });

  test('may be a left one, over several equalities to different tables before it', () => {
    const { joins } = mappingOf(joined(first, `{ left: ${second} and (customer.event = event.a.b) }`));
    expect(joins[1]).toMatchObject({
      kind: 'left',
      relation: { alias: 'customer' },
      on: [
        { left: { alias: 'transaction' }, right: { alias: 'customer' } },
        { left: { alias: 'event', path: { column: 'a', steps: ['b'] } }, right: { alias: 'customer' } },
      ],
    });
  });

  test('joins a table to itself under a second alias', () => {
    const text = joined(first, 'transaction.parent = customer.id').replace(
      '{ key: id }',
      '{ key: id, table: transaction }',
    );
    expect(mappingOf(text).joins[1]?.relation).toMatchObject({ alias: 'customer', tables: ['transaction'] });
  });

  test.each([
    ['brings none', [first, second, 'event.x = customer.id'], ['JOIN_BRINGS_NONE event.x = customer.id']],
    ['comes too early', [second, first], [`JOIN_BRINGS_TWO ${second}`]],
    ['has both sides of one table', [first, 'customer.a = customer.b'], ['JOIN_TO_ITSELF customer.a = customer.b']],
    [
      'has an equality without its table',
      [first, `${second} and event.a = transaction.a`],
      ['JOIN_WITHOUT_NEW_TABLE event.a = transaction.a'],
    ],
    ['is no equality', [first, `${second} or event.a = customer.b`], [`BAD_JOIN ${second} or event.a = customer.b`]],
    ['compares with a value', [first, `${second} and customer.kind = 'x'`], ["BAD_JOIN customer.kind = 'x'"]],
    ['computes', [first, 'lower(transaction.c) = customer.id'], ['BAD_JOIN lower(transaction.c) = customer.id']],
    ['takes a fact', [first, 'source.file = customer.id'], ['BAD_JOIN source.file = customer.id']],
    ['has no column', [first, 'transaction.customer = customer'], ['PATH_WITHOUT_COLUMN customer']],
    ['is missing', [first], ['UNJOINED_TABLE customer']],
    ['misspells its table', [first, 'transaction.customer = custmer.id'], ['UNKNOWN_TABLE custmer']],
    [
      'names an unknown table, beside a table that is not joined',
      [first, 'transaction.customer = person.id'],
      ['UNJOINED_TABLE customer', 'UNKNOWN_TABLE person'],
    ],
  ])('that %s', (_, lines, findings) => {
    expect(findingsOf(joined(...lines))).toEqual(findings);
  });
});

describe('a column', () => {
  /** Findings where these stand in place of the second column. */
  const withColumns = (...columns: string[]): string => replaced('transaction.amount', columns.join('\n  - '));

  test.each([
    ['twice', ['event.event_id'], ['DUPLICATE_COLUMN event.event_id']],
    ['twice but for case', ['{ name: EVENT_ID, expr: event.x }'], ['DUPLICATE_COLUMN EVENT_ID']],
    ['computed without a name', ['event.a + 1'], ['COLUMN_WITHOUT_NAME event.a + 1']],
    ['of an array without a name', ['event.tags[0]'], ['COLUMN_WITHOUT_NAME event.tags[0]']],
    ['of a table alone', ['transaction'], ['PATH_WITHOUT_COLUMN transaction']],
    ['of an array of tables', ['transaction[0].x'], ['PATH_WITHOUT_COLUMN transaction[0].x']],
    ['without a table', ['amount'], ['PATH_WITHOUT_TABLE amount']],
    ['of an unknown table', ['evnt.a'], ['UNKNOWN_TABLE evnt']],
    ['of a fact that is none', ['source.line'], ['UNKNOWN_FACT source.line']],
    [
      'by a path into a path',
      ["{ name: x, expr: 'jsonpath(source.file, ''$.x'')' }"],
      ["JSONPATH_ARGUMENTS jsonpath(source.file, ''$.x'')"],
    ],
    ['of several mistakes', ['{ name: x, expr: a.b + c.d }'], ['UNKNOWN_TABLE a', 'UNKNOWN_TABLE c']],
  ])('%s', (_, columns, findings) => {
    expect(findingsOf(withColumns(...columns))).toEqual(findings);
  });

  test('named as another one gets a name proposed that is free, in words that YAML reads', () => {
    expect(hintsOf(withColumns('{ name: event_a, expr: event.z }', 'transaction.a', 'event.a'))).toEqual([null]);
    expect(hintsOf(withColumns('event.a', 'transaction.a'))).toEqual([
      'with a name of its own: { name: transaction_a, expr: transaction.a }',
    ]);
  });

  test('has the name of its last segment, quoted or not', () => {
    const { columns } = mappingOf(withColumns('event.details."a b"', '{ expr: event.select }'));
    expect(columns.map((column) => column.name)).toEqual(['event_id', 'a b', 'select']);
  });
});

describe('where under a table', () => {
  const withWhere = (where: string): string =>
    replaced('key: transaction_id', `key: id, where: ${JSON.stringify(where)}`);

  test.each([
    ['kind', 'kind', []],
    ['transaction.kind', 'kind', []],
    ['transaction.transaction.a', 'transaction', ['a']],
    ['details.kind', 'details', ['kind']],
    ['"source".file', 'source', ['file']],
    ['source', 'source', []],
    ['event', 'event', []],
  ])('reads %s from the row of its own table', (written, column, steps) => {
    const { relations } = mappingOf(withWhere(`${written} = 'x'`));
    expect(relations[1]?.where).toMatchObject({
      left: { alias: 'transaction', path: { kind: 'nested', column, steps } },
    });
  });

  test('does not reach into another table', () => {
    expect(findingsOf(withWhere("event.kind = 'x'"))).toEqual(['FOREIGN_PATH event']);
    expect(hintsOf(withWhere("event.kind = 'x'"))).toEqual(['for a column of that name: transaction.event.kind']);
  });

  test.each([
    ['amount > 0 and', 'EXPRESSION_ENDS'],
    ['lower(kind)', 'NOT_A_CONDITION lower(kind)'],
    ['details.amount > 5', 'TEXT_AGAINST_NUMBER details.amount > 5'],
  ])('that is %s is a finding', (where, finding) => {
    expect(findingsOf(withWhere(where))).toEqual([finding]);
  });

  test('may be true or false alone', () => {
    expect(mappingOf(replaced('key: transaction_id', 'key: id, where: true')).relations[1]?.where).toMatchObject({
      kind: 'boolean',
      value: true,
    });
  });
});

describe('a source', () => {
  const sources = 'sources:\n  a: { format: wal2json, path: a }\n  b: { format: wal2json, path: b }';
  const several = replaced('source: { format: wal2json, path: data/wal.json }', sources);

  test.each([
    ['not said where there are several', several, ['MISSING_KEY event', 'MISSING_KEY transaction']],
    [
      'that is not declared',
      several.replace('event_id }', 'event_id, source: x }'),
      ['UNKNOWN_SOURCE x', 'MISSING_KEY transaction'],
    ],
    ['that no table is read from', several.replaceAll('_id }', '_id, source: a }'), ['UNUSED_SOURCE b']],
    ['said where there is one', replaced('event_id }', 'event_id, source: sorce }'), ['UNKNOWN_SOURCE sorce']],
  ])('%s', (_, text, findings) => {
    expect(findingsOf(text)).toEqual(findings);
  });
});

describe('a sink', () => {
  test.each([
    ['{ sqlite: x, key: [event_id, amont] }', ['UNKNOWN_COLUMN amont']],
    ['{ sqlite: x, key: [event_id, event_id] }', ['REPEATED_COLUMN event_id']],
    ['{ sqlite: x, key: EVENT_ID }', ['UNKNOWN_COLUMN EVENT_ID']],
    ['{ sqlite: x, table: _ETL_state }', ['RESERVED_NAME _ETL_state']],
    ['{ sqlite: x, table: sqlite_x }', ['RESERVED_NAME sqlite_x']],
    ['{ sqlite: "$x${A-b}" }', ['BAD_VARIABLE $x', 'BAD_VARIABLE ${A-b}']],
    ['{ table: x }', ['SINK_KIND sink']],
    ['{ sqlite: x, postgres: y, key: event_id }', ['SINK_KIND sink']],
    ['{ sqlite: x, partition_by: event_id }', ['PARTITION_NOT_HERE event_id']],
    ['{ clickhouse: x, key: event_id, partition_by: day }', ['UNKNOWN_COLUMN day']],
    ['{ postgres: y }', ['SINK_WITHOUT_KEY { postgres: y }']],
    ['x.db', ['WRONG_TYPE sink']],
  ])('%s', (sink, findings) => {
    expect(findingsOf(replaced('{ sqlite: metrics.db }', sink))).toEqual(findings);
  });
});

test('a table that takes the name of the facts can not be', () => {
  const text = payments.replaceAll('transaction.', 'source.').replace('transaction:', 'source:');
  expect(findingsOf(text)).toEqual(['RESERVED_NAME source']);
});

test('a misspelled type is one finding, whatever the expressions over it do', () => {
  const text = replaced(
    '- transaction.amount',
    '- { name: more, expr: transaction.amount + 1 }\n  - { name: id, expr: event.event_id, type: intger }',
    replaced('{ key: transaction_id }', '{ key: transaction_id, types: { amount: numric } }'),
  );
  expect(findingsOf(text)).toEqual(['UNKNOWN_TYPE numric', 'UNKNOWN_TYPE intger']);
});

describe('a check of the metric', () => {
  const checked = (check: string) => `${payments}checks: [{ expr: ${JSON.stringify(check)}, on_fail: reject }]\n`;

  test('is said over its columns, and told as it is written', () => {
    const { checks, columns } = mappingOf(checked('amount > 0'));
    const amount = columns.find(({ name }) => name === 'amount');
    expect(checks).toMatchObject([{ text: 'amount > 0', onFail: 'reject' }]);
    expect(checks[0]?.expression).toMatchObject({ kind: 'binary', left: amount?.expression });
  });

  test.each([
    ['amuont > 0', 'UNKNOWN_COLUMN amuont'],
    ['transaction.amount > 0', 'UNKNOWN_COLUMN transaction.amount'],
    ['count(*) > 0', 'AGGREGATE_NOT_HERE count(*)'],
    ["amount || 'x'", "NOT_A_CONDITION amount || 'x'"],
  ])('has no other names, and is one condition over one row: %s', (check, finding) => {
    expect(findingsOf(checked(check))).toEqual([finding]);
  });
});
