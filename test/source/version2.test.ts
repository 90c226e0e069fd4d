import { describe, expect, test } from 'vitest';
import type { LoggedRow } from '../log/log.ts';
import * as log from '../log/log.ts';
import * as version2 from '../log/version2.ts';
import { columns, decode, decodeOn } from './reading.ts';

const row = (id: number): LoggedRow => [['id', 'integer', id]];
const inserted = (id: number): string => version2.inserted('t', row(id));

/** What is read, in one word an item. */
function outline(text: string): readonly string[] {
  return decode(Buffer.from(text), []).items.map((item) =>
    item.op === 'insert' ? `${JSON.stringify(item.after.values[0])}`.replace(/\D/g, '') : item.op,
  );
}

describe('a transaction of version 2', () => {
  test('goes from "B" to "C", and its commit counts the records and bytes up to there', () => {
    const text = log.asLines([...version2.transaction([inserted(1), inserted(2)]), ...version2.transaction([])]);
    const { items } = decode(Buffer.from(text), []);
    const commits = items.filter(({ op }) => op === 'commit');
    expect(outline(text)).toEqual(['1', '2', 'commit', 'commit']);
    expect(commits).toEqual([
      { op: 'commit', from: 0, offset: text.indexOf('C"}') + 3, records: 4, lsn: null },
      { op: 'commit', from: text.lastIndexOf('{"action":"B"'), offset: text.length - 1, records: 6, lsn: null },
    ]);
    expect(items.slice(0, 2)).toMatchObject([
      { at: { record: 2 } },
      { at: { record: 3, offset: text.indexOf(inserted(2)) } },
    ]);
  });

  test('is each record for itself where the log has neither', () => {
    expect(outline(log.asLines([inserted(1), version2.messaged(), inserted(2)]))).toEqual([
      '1',
      'commit',
      'commit',
      '2',
      'commit',
    ]);
  });

  test('may have a message before it that is of none, which is a transaction of its own, and one inside, which is not', () => {
    const lone = version2.messaged('x', false);
    const records = [lone, ...version2.transaction([version2.messaged(), inserted(1)]), lone];
    expect(outline(log.asLines(records))).toEqual(['commit', '1', 'commit', 'commit']);
  });

  test('has the LSN after its commit, which its changes are told too, and not that of a change', () => {
    const change = inserted(1).replace('{', '{"lsn":"0/1",');
    const { items } = decode(Buffer.from(version2.transaction([change], '16/B374D848').join('\n')), []);
    expect(items).toMatchObject([{ at: { lsn: 0x16b374d848n } }, { op: 'commit', lsn: 0x16b374d848n }]);
    expect(decode(Buffer.from(change), []).items).toMatchObject([{ at: { lsn: null } }, { lsn: null }]);
  });

  test('is told by its commit where "B" has no LSN', () => {
    const text = `{"action":"B"}${inserted(1)}{"action":"C","nextlsn":"0/A"}`;
    expect(decode(Buffer.from(text), []).items).toMatchObject([{ at: { lsn: null } }, { lsn: 10n }]);
  });

  test('that has not ended with the file is named, what is before it is kept, and the file that grew goes on there', () => {
    const whole = log.asLines([...version2.transaction([inserted(1)]), ...version2.transaction([inserted(2)])]);
    const second = whole.lastIndexOf('{"action":"B"');
    for (const end of [whole.lastIndexOf('{"action":"I"'), whole.lastIndexOf('{"action":"C"')]) {
      const { items, error, shape } = decode(Buffer.from(whole.slice(0, end)), [5]);
      const commit = items.findLast((item) => item.op === 'commit');
      expect(commit).toMatchObject({ records: 3, offset: second - 1 });
      expect(error).toMatchObject({ code: 'TRUNCATED_INPUT', data: { file: 'log', record: 4, offset: second } });
      expect(error?.message).toContain('inside the transaction');
      const rest = decode(Buffer.from(whole), [5], undefined, { bytes: second - 1, records: 3, shape });
      expect(rest).toMatchObject({ error: null, items: [{ at: { record: 5 } }, { op: 'commit', records: 6 }] });
    }
  });

  test('may stand in an array, and follow records of version 1', () => {
    const records = [log.insert('t', row(1)), ...version2.transaction([inserted(2)]), log.insert('t', row(3))];
    for (const layout of [log.asArray, log.asLineArray, log.asLines, log.asPretty])
      expect(outline(layout(records)), layout.name).toEqual(['1', 'commit', '2', 'commit', '3', 'commit']);
  });
});

describe('a change', () => {
  const keyed: LoggedRow = [['id', 'integer', 1]];
  const after: LoggedRow = [
    ['id', 'integer', 2],
    ['b', 'text', 'x'],
    ['z', 'jsonb', null],
  ];

  test.each([
    ['version 1', log.update('t', keyed, after), log.remove('t', keyed)],
    ['version 2', version2.updated('t', keyed, after), version2.removed('t', keyed)],
  ])('has of both images the columns of interest that are there: %s', (_, update, remove) => {
    const { items } = decode(Buffer.from(update + remove), [], columns({ t: ['id', 'z', 'absent'] }));
    const before = {
      header: { schema: 'public', table: 't', columns: [{ name: 'id', type: 'integer' }] },
      values: [{ json: '1' }],
    };
    expect(items.filter(({ op }) => op !== 'commit')).toMatchObject([
      {
        op: 'update',
        before,
        after: { header: { columns: [{ name: 'id' }, { name: 'z', type: 'json' }] }, values: [{ json: '2' }, null] },
      },
      { op: 'delete', before },
    ]);
  });

  test.each([
    ['version 1', log.transaction([log.updated('t', keyed, after), log.removed('t', keyed)])],
    ['version 2', version2.updated('t', keyed, after) + version2.removed('t', keyed) + version2.truncated('t')],
  ])('of a table that nobody reads has an empty header, and may hold any bytes: %s', (_, text) => {
    const bytes = Buffer.from(text.replace('"x"', '"@"'));
    bytes[bytes.indexOf('@')] = 0xff;
    const { items, error } = decode(bytes, [], columns({ other: ['id'] }));
    expect(error).toBeNull();
    const headers = items.flatMap((item) => {
      if (item.op === 'update') return [item.before?.header, item.after.header];
      if (item.op === 'delete') return [item.before.header];
      return item.op === 'truncate' ? [item.header] : [];
    });
    expect(headers.length).toBeGreaterThan(2);
    for (const header of headers) expect(header).toEqual({ schema: 'public', table: 't', columns: [] });
    expect(decode(bytes, []).error).toMatchObject({ code: 'NOT_UTF8', data: { offset: bytes.indexOf(0xff) } });
  });

  test.each([
    ['version 1', (change: string) => `{"change":[${change}]}`, log],
    ['version 2', (change: string) => change, version2],
  ])('shares its headers with others that tell the same columns of the same table: %s', (_, record, builders) => {
    const { inserted, updated } = builders;
    const texts = [
      updated('t', keyed, after),
      updated('t', keyed, after),
      updated('t', keyed, after.slice(0, 2)),
      inserted('t', after),
      updated('t', keyed, after, 'other'),
      updated('u', keyed, after),
      updated('t', keyed, after),
    ];
    const { items } = decode(Buffer.from(texts.map(record).join('\n')), []);
    const changes = items.filter((item) => item.op === 'insert' || item.op === 'update');
    const numbered = (all: readonly unknown[]) => all.map((each) => all.indexOf(each));
    expect(numbered(changes.map((item) => item.after.header))).toEqual([0, 0, 2, 0, 4, 5, 0]);
    const olds = changes.flatMap((item) => (item.op === 'update' ? [item.before?.header] : []));
    expect(numbered(olds)).toEqual([0, 0, 0, 3, 4, 0]);
  });

  test('without old keys is an update that leaves the key as it is', () => {
    for (const text of [log.update('t', null, after), version2.updated('t', null, after)]) {
      expect(decode(Buffer.from(text), []).items[0]).toMatchObject({ op: 'update', before: null });
    }
  });

  test('that empties a table names it, one record a table', () => {
    const text = version2.transaction([version2.truncated('a'), version2.truncated('a', 'other')]).join('\n');
    const { items } = decode(Buffer.from(text), []);
    expect(items.slice(0, 2)).toMatchObject([
      { op: 'truncate', header: { schema: 'public', table: 'a', columns: [] }, at: { record: 2 } },
      { op: 'truncate', header: { schema: 'other', table: 'a', columns: [] }, at: { record: 3 } },
    ]);
  });
});

describe('a column of version 2', () => {
  /** Each column as the one value of an insert, and what is read of it. */
  function columnsIn(texts: readonly string[]) {
    const records = texts.map((text) => `{"action":"I","table":"t","columns":[${text}]}`);
    const { items, error } = decode(Buffer.from(records.join('\n')), []);
    const read = items.flatMap((item) =>
      item.op === 'insert' ? [[item.after.header.columns[0]?.type, item.after.values[0]]] : [],
    );
    return { read, error };
  }

  test('may have its members in any order, and others behind those that it had before', () => {
    const { read, error } = columnsIn([
      '{"name":"a","value":1}',
      '{"name":"a","value":2,"optional":true}',
      '{"name":"a","value":3,"type":"integer"}',
      '{"name":"a","value":4,"type":"text"}',
      '{"value":5,"name":"a"}',
      '{"name":"a","value":6 }',
      '{"name":"a","value":{"json":7}}',
      '{"name":"a","value":8}',
      '{"name":"a","value":\t\r\n 9}',
      '{ "name" : "a" , "value" : 10 }',
    ]);
    expect(error).toBeNull();
    const types = [null, null, 'integer', 'text', null, null, null, null, null, null];
    const values = ['1', '2', '3', '4', '5', '6', '{"json":7}', '8', '9', '10'];
    expect(read).toEqual(values.map((json, index) => [types[index], { json }]));
  });
});

test('of a member that stands there twice the last one counts', () => {
  const twice = (text: string): unknown =>
    decode(Buffer.from(text), []).items[0] ?? decode(Buffer.from(text), []).error;
  const [x, y] = ['[{"name":"x","value":1}]', '[{"name":"y","value":2}]'];
  expect(twice(`{"action":"D","table":"t","identity":${x},"identity":${y}}`)).toMatchObject({
    before: { header: { columns: [{ name: 'y' }] }, values: [{ json: '2' }] },
  });
  const keys = '"oldkeys":{"keynames":["x"],"keyvalues":[1]}';
  expect(twice(`{"change":[{"kind":"delete","table":"t",${keys},"oldkeys":5}]}`)).toMatchObject({
    code: 'NOT_WAL2JSON',
  });
});

test('messages may hold any bytes, in either version and in a transaction or none', () => {
  const texts = [log.message('@'), log.transaction([log.messaged('@')]), version2.messaged('@', false)];
  for (const text of [...texts, version2.transaction([version2.messaged('@')]).join('')]) {
    const bytes = Buffer.from(text);
    bytes[bytes.indexOf('@')] = 0xff;
    expect(decodeOn(bytes, [])).toMatchObject({ error: null, items: [{ op: 'commit' }] });
  }
});
