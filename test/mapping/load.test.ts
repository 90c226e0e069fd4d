import { describe, expect, test } from 'vitest';
import { framed } from '../../engine/diagnostic/frame.ts';
import { parseMapping } from '../../engine/mapping/load.ts';
import { findingsOf, mappingOf, payments, replaced } from './mappings.ts';

describe('a mapping', () => {
  test('has its defaults filled in', () => {
    const mapping = mappingOf(payments);
    const [event, transaction] = mapping.relations;
    expect(mapping).toMatchObject({ metric: 'payments', description: null, where: null });
    expect(event).toMatchObject({ alias: 'event', schema: null, tables: ['event'], key: ['event_id'], where: null });
    expect(event?.source).toMatchObject({ name: 'source', format: { kind: 'wal2json' }, mode: 'log' });
    expect(mapping.from).toBe(event);
    expect(mapping.joins[0]?.relation).toBe(transaction);
    expect(mapping.columns.map((column) => column.name)).toEqual(['event_id', 'amount']);
    expect(mapping.sink).toMatchObject({ kind: 'sqlite', table: 'payments', key: [] });
  });

  test('has what it says of its tables', () => {
    const mapping = mappingOf(
      replaced(
        '{ key: transaction_id }',
        `{ schema: shop, table: [sale_*, sales], key: [a, "b.c"], where: kind = 'x', types: { amount: numeric } }`,
      ),
    );
    expect(mapping.relations[1]).toMatchObject({
      schema: 'shop',
      tables: ['sale_*', 'sales'],
      key: ['a', 'b.c'],
      types: new Map([['amount', 'numeric']]),
      where: { kind: 'binary', left: { kind: 'column', alias: 'transaction', path: { column: 'kind', steps: [] } } },
    });
  });

  test('reads a table without a key, from one of several sources, as it was replaced', () => {
    const mapping = mappingOf(
      replaced(
        'source: { format: wal2json, path: data/wal.json }',
        'sources: { a: { format: wal2json, path: a.json }, b: { format: wal2json, path: b.json, mode: upsert } }',
      )
        .replace('{ key: event_id }', '{ key: [], source: a }')
        .replace('{ key: transaction_id }', '{ key: transaction_id, source: b }'),
    );
    expect(mapping.relations[0]).toMatchObject({ key: [], source: { name: 'a', mode: 'log' } });
    expect(mapping.relations[1]?.source).toMatchObject({ name: 'b', mode: 'upsert', path: { template: 'b.json' } });
  });

  test('casts a column that says its type', () => {
    const mapping = mappingOf(replaced('transaction.amount', '{ name: cents, expr: event.a.b, type: integer }'));
    expect(mapping.columns[1]).toMatchObject({
      name: 'cents',
      expression: { kind: 'cast', type: 'integer', operand: { path: { column: 'a', steps: ['b'] } } },
    });
  });

  test('keeps every digit of an expression that YAML takes for a number', () => {
    const mapping = mappingOf(replaced('transaction.amount', '{ name: n, expr: 9007199254740993.10 }'));
    expect(mapping.columns[1]?.expression).toMatchObject({ kind: 'number', digits: '9007199254740993.10' });
  });

  test('tells the source of a row: the root for the metric, its own for a table', () => {
    const mapping = mappingOf(
      replaced('transaction.amount', 'source.file').replace(
        'key: transaction_id',
        "key: id, where: source.file <> 'x'",
      ),
    );
    expect(mapping.columns[1]?.expression).toMatchObject({ alias: 'event', path: { kind: 'fact', fact: 'file' } });
    expect(mapping.relations[1]?.where).toMatchObject({ left: { alias: 'transaction', path: { kind: 'fact' } } });
  });

  test('keeps all columns, or those of a list, in which one may be called all', () => {
    const keeping = (keep: string) => replaced('{ key: event_id }', `{ key: event_id, keep: ${keep} }`);
    expect(mappingOf(keeping('all')).relations[0]?.keep).toBe('all');
    expect(mappingOf(keeping('[all]')).relations[0]?.keep).toMatchObject([{ column: 'all' }]);
    const hint = 'a column stands in a list: [name]; all keeps every one';
    expect(parseMapping(keeping('name'), 'm.yaml')).toMatchObject({ diagnostics: [{ code: 'WRONG_TYPE', hint }] });
  });

  test('may share values by YAML anchors', () => {
    const mapping = mappingOf(
      replaced('{ key: event_id }', '{ key: event_id, types: &t { amount: numeric } }').replace(
        '{ key: transaction_id }',
        '{ key: transaction_id, types: *t }',
      ),
    );
    expect(mapping.relations[1]?.types).toEqual(new Map([['amount', 'numeric']]));
  });
});

test('five mistakes are five findings, each with line, column, caret and, where one helps, a hint', () => {
  const text = `metric: dashboard_metric
source: { format: wal2json, path: data/wal.json, moode: log }
tables:
  event_v2_data: { keys: event_id }
  transaction: { key: transaction_id }
  customer: { key: id }
from: event_v2_data
join:
  - event_v2_data.transaction_id = transacton.transaction_id
columns:
  - event_v2_data.amount
  - transaction.amount
sink: { sqlite: metrics.db }
`;
  const loaded = parseMapping(text, 'mappings/five.yaml');
  const printed = ('diagnostics' in loaded ? loaded.diagnostics : []).map((each) => framed(each)).join('\n\n');
  expect(`${printed}\n`).toBe(`mappings/five.yaml:2:50: error UNKNOWN_KEY: "moode" is no key of "source"

  1 | metric: dashboard_metric
  2 | source: { format: wal2json, path: data/wal.json, moode: log }
    |                                                  ^^^^^
  hint: "mode" is spelled almost the same

mappings/five.yaml:4:20: error UNKNOWN_KEY: "keys" is no key of "event_v2_data"

  3 | tables:
  4 |   event_v2_data: { keys: event_id }
    |                    ^^^^
  hint: "key" is spelled almost the same

mappings/five.yaml:6:3: error UNJOINED_TABLE: "customer" is declared and no join brings it

  5 |   transaction: { key: transaction_id }
  6 |   customer: { key: id }
    |   ^^^^^^^^

mappings/five.yaml:9:36: error UNKNOWN_TABLE: "transacton" is not declared under tables

  8 | join:
  9 |   - event_v2_data.transaction_id = transacton.transaction_id
    |                                    ^^^^^^^^^^
  hint: "transaction" is spelled almost the same

mappings/five.yaml:12:5: error DUPLICATE_COLUMN: a second column is named "amount"; the first is event_v2_data.amount

  11 |   - event_v2_data.amount
  12 |   - transaction.amount
     |     ^^^^^^^^^^^^^^^^^^
  hint: with a name of its own: { name: transaction_amount, expr: transaction.amount }
`);
});

describe('one mistake is one finding', () => {
  test.each([
    ['a misspelled key beside the missing one', 'columns:', 'colums:', 'UNKNOWN_KEY colums'],
    ['a misspelled root', 'from: event', 'from: evnt', 'UNKNOWN_TABLE evnt'],
    ['a root that is nothing known', 'from: event', 'from: customers', 'UNKNOWN_TABLE customers'],
    ['a missing root', 'from: event\n', '', 'MISSING_KEY'],
    ['a join that does not parse', '= transaction', '== transaction', 'EXPRESSION_SYNTAX ='],
    [
      'a join that is no text',
      '- event.transaction_id =',
      '- - event.transaction_id =',
      'WRONG_TYPE - event.transaction_id = transaction.transaction_id',
    ],
    ['joins that are no list', '\n  - event.transaction_id =', ' event.transaction_id =', 'WRONG_TYPE join'],
    [
      'tables that are no map',
      '\n  event: { key: event_id }\n  transaction: { key: transaction_id }',
      ' event',
      'WRONG_TYPE tables',
    ],
    [
      'a text cut by a comma',
      '- transaction.amount',
      '- { name: a, expr: coalesce(transaction.amount, 1, 2) }',
      'CUT_TEXT 1',
    ],
    ['a missing source', 'source: { format: wal2json, path: data/wal.json }\n', '', 'MISSING_KEY'],
  ])('%s', (_, part, by, ...findings) => {
    expect(findingsOf(replaced(part, by))).toEqual(findings);
  });
});

test('what stands below a misspelled key is checked all the same', () => {
  expect(findingsOf(replaced('columns:', 'colums:').replace('transaction.amount', 'transacton.amount'))).toEqual([
    'UNKNOWN_KEY colums',
    'UNKNOWN_TABLE transacton',
  ]);
});

test('of two misspellings of one key the second is unknown', () => {
  expect(findingsOf(replaced('columns:', 'colums: [event.a]\ncolumn:'))).toEqual([
    'UNKNOWN_KEY colums',
    'UNKNOWN_KEY column',
  ]);
});

describe('names are data', () => {
  const names = ['__proto__', 'constructor', 'odd ""name""', "it's", 'a.b', 'DROP TABLE x; --', 'Ünï', ' ', 'select'];

  test.each(names)('a table, a column and a key named %s', (written) => {
    const name = written.replaceAll('""', '"');
    const yaml = JSON.stringify(name);
    const mapping = mappingOf(
      [
        'metric: __proto__',
        'source: { format: wal2json, path: x }',
        `tables: { ${yaml}: { key: ${yaml}, types: { ${yaml}: text } } }`,
        `from: ${yaml}`,
        `columns: [{ name: ${yaml}, expr: ${JSON.stringify(`"${written}"."${written}"."${written}"`)} }]`,
        `sink: { sqlite: x, table: ${yaml}, key: ${yaml} }`,
      ].join('\n'),
    );
    expect(mapping.from).toMatchObject({ alias: name, tables: [name], key: [name], types: new Map([[name, 'text']]) });
    const path = { kind: 'nested', column: name, steps: [name] };
    expect(mapping.columns[0]).toMatchObject({ name, expression: { kind: 'column', alias: name, path } });
    expect(mapping.sink).toMatchObject({ table: name, key: [name] });
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test('tables whose names differ in case are two', () => {
    const text = replaced('transaction: {', 'Event: {').replaceAll('transaction.', 'Event.');
    expect(mappingOf(text).relations.map((relation) => relation.alias)).toEqual(['event', 'Event']);
  });
});
