import { describe, expect, test } from 'vitest';
import type { Bad, Item } from '../../engine/source/format/decoder.ts';
import type { LoggedRow } from '../log/log.ts';
import * as log from '../log/log.ts';
import * as version2 from '../log/version2.ts';
import { decodeOn } from './reading.ts';

const row = (id: number): LoggedRow => [['id', 'integer', id]];
const one = log.inserted('t', row(1));
const wrong = '{"kind":"insert","table":"t","columnnames":["id"],"columnvalues":[]}';

function outline(items: readonly Item[]): readonly string[] {
  return items.map((item) => (item.op === 'bad' ? item.diagnostic.code : item.op));
}

function badIn(text: string | Buffer): readonly Bad[] {
  return decodeOn(Buffer.from(text), [7]).items.filter((item) => item.op === 'bad');
}

describe('what can not be decoded, though it is known where it ends,', () => {
  test('is told by its first bytes that are no UTF-8, where something behind them is wrong too', () => {
    const [head, tail] = ['{"action":"I","schema":"', '","table":5,"columns":[]}\n'];
    const [bad] = badIn(Buffer.concat([Buffer.from(head), Buffer.from([0xff, 0xff, 0xff]), Buffer.from(tail)]));
    expect(bad?.diagnostic).toMatchObject({ code: 'NOT_UTF8', data: { record: 1, offset: head.length } });
  });

  test('is handed out with its place and its text, and reading goes on to the commit and behind it', () => {
    const text = log.asLines([log.transaction([one]), log.transaction([one, wrong, one]), log.transaction([one])]);
    const { items, error } = decodeOn(Buffer.from(text), [7]);
    expect(error).toBeNull();
    expect(outline(items)).toEqual([
      'insert',
      'commit',
      'insert',
      'NAMES_VALUES_DIFFER',
      'insert',
      'commit',
      'insert',
      'commit',
    ]);
    const offset = text.indexOf(wrong);
    expect(items[3]).toEqual({
      op: 'bad',
      diagnostic: expect.objectContaining({ data: { file: 'log', record: 2, offset } }),
      at: { file: 'log', record: 2, offset, lsn: null },
      size: wrong.length,
      unread: null,
    });
  });

  test.each([
    ['a head', '{"xid":01,"change":[]}', '{"xid":01,"change":['],
    ['a tail', '{"change":[],"xid":01}', ',"xid":01}'],
    ['an LSN', '{"nextlsn":"x","change":[]}', '{"nextlsn":"x","change":['],
    ['a record of none', '{"id":[01]}', '{"id":[01]}'],
    ['another record', '{"id":1}', '{"id":1}'],
    ['a record of version 2', '{"action":"I"}', '{"action":"I"}'],
    ['a message', '{"action":"M","content":[01]}', '{"action":"M","content":[01]}'],
    ['a commit without a begin', '{"action":"C"}', '{"action":"C"}'],
  ])('may be %s: it spoils its own transaction and no other', (_, record, bad) => {
    const text = log.asLines([log.transaction([one]), record, inserted]);
    const { items, error } = decodeOn(Buffer.from(text), [7]);
    expect(error).toBeNull();
    expect(items.map(({ op }) => op)).toEqual(['insert', 'commit', 'bad', 'commit', 'insert', 'commit']);
    expect(items[2]).toMatchObject({ at: { record: 2, offset: text.indexOf(bad) }, size: bad.length });
    expect(items[3]).toMatchObject({ records: 2, from: text.indexOf(record) });
  });

  test('spoils the whole transaction of version 2 that it stands in', () => {
    const bad = ['{"action":"I"}', '{"action":"X"}', '{"id":[01]}', '{"change":[]}'];
    for (const text of bad) {
      const records = version2.transaction([inserted, text, inserted], '0/1');
      const { items, error } = decodeOn(Buffer.from(log.asLines([...records, inserted])), [7]);
      expect(error).toBeNull();
      const ops = items.map(({ op }) => op);
      expect(ops, text).toEqual(['insert', 'bad', 'insert', 'commit', 'insert', 'commit']);
      expect(items[1]).toMatchObject({ at: { record: 3, lsn: 1n } });
      expect(items[3]).toMatchObject({ from: 0 });
    }
  });

  test('also where it begins or ends the transaction', () => {
    for (const [begin, end] of [
      ['{"action":"B","nextlsn":"x"}', '{"action":"C"}'],
      ['{"action":"B"}', '{"action":"C","nextlsn":"x"}'],
    ]) {
      const { items } = decodeOn(Buffer.from(log.asLines([begin ?? '', inserted, end ?? '', inserted])), [7]);
      expect(items.filter(({ op }) => op === 'bad')).toHaveLength(1);
      expect(items.slice(-3).map(({ op }) => op)).toEqual(['commit', 'insert', 'commit']);
      expect(items.filter(({ op }) => op === 'commit')).toHaveLength(2);
    }
  });

  test('is a transaction that another begins in: it ends there, and the other is whole', () => {
    const lost = log.asLines(['{"action":"B"}', inserted]);
    const { items, error } = decodeOn(Buffer.from(lost + log.asLines(version2.transaction([inserted], '0/2'))), [7]);
    expect(error).toBeNull();
    expect(outline(items)).toEqual(['insert', 'TRANSACTION_NOT_ENDED', 'commit', 'insert', 'commit']);
    expect(items[1]).toMatchObject({ at: { record: 3 } });
    expect(items[2]).toMatchObject({ from: 0, offset: lost.length - 1, records: 2, lsn: null });
    expect(items[4]).toMatchObject({ from: lost.length, records: 5, lsn: 2n });
  });
});

const inserted = version2.inserted('t', row(1));

test.each([
  ['between records', 'x'],
  ['between members of a record', '{"change":[] 5}'],
  ['between changes', '{"change":[{} {}]}'],
  ['a bracket that is never closed', '{"change":[{"kind":[}]}'],
])('where no next record is certain, nothing is read behind it: %s', (_, text) => {
  const { items, error } = decodeOn(
    Buffer.from(log.asLines([log.transaction([one]), text, log.transaction([one])])),
    [7],
  );
  expect(items.slice(0, 2).map(({ op }) => op)).toEqual(['insert', 'commit']);
  expect(items.filter(({ op }) => op === 'commit')).toHaveLength(1);
  expect(error).toMatchObject({ data: { record: 2 } });
});

describe('what wal2json writes that is no JSON is named', () => {
  const lone = '{"kind":"message","transactional":false,"prefix":"p","content":"x"}';

  test.each([
    [
      'in a change',
      '{"change":[{"kind":"insert","columntypes":["integer",@"Weird"."Mood","text"]}]}',
      '"Weird"."Mood"',
    ],
    ['in old keys', '{"change":[{"oldkeys":{"keytypes":[@"Weird"."Mood"]}}]}', '"Weird"."Mood"'],
    ['in a primary key', '{"change":[{"pk":{"pktypes":[@"a b"."c""d" ]}}]}', '"a b"."c""d"'],
    [
      'in a column of version 2',
      '{"action":"I","columns":[{"name":"m","type":@"Weird"."Mood","value":1}]}',
      '"Weird"."Mood"',
    ],
    ['in an identity of version 2', '{"identity":[{"type":@"a""b"}]}', '"a""b"'],
  ])('a type: %s', (_, text, type) => {
    const [bad, ...others] = badIn(log.asLines([text.replace('@', ''), log.transaction([one])]));
    expect(others).toEqual([]);
    expect(bad?.diagnostic).toMatchObject({ code: 'BARE_TYPE', data: { record: 1 } });
    // The first name alone is a string of JSON: it is the character behind it that is wrong.
    expect(bad?.diagnostic.data?.offset).toBe(text.indexOf('@') + type.search(/"[."]/) + 1);
    expect(bad?.diagnostic.message).toContain(`the type ${type} without`);
    expect(bad?.diagnostic.hint).toContain('include-types');
  });

  test.each([
    ['elsewhere', '{"change":[{"columnnames":["a"."b"]}]}'],
    ['outside of a string', '{"change":[{"columntypes":["a".b]}]}'],
    ['behind a type', '{"change":[{"columntypes":["a"]."b"}]}'],
    ['with a string behind it', '{"change":[{"columntypes":["a"."b" "c"]}]}'],
    ['with a colon behind it', '{"action":"I","columns":[{"type":"a""b":1}]}'],
  ])('but no other mistake is taken for one: %s', (_, text) => {
    expect(badIn(text)).toMatchObject([{ diagnostic: { code: 'NOT_JSON' } }]);
  });

  test.each([`{"change":[@,${lone}]}`, `{"nextlsn":"0/1", "change" : [ @, ${lone} ]}`, `{"change":[@,\n${lone}\n]}`])(
    'a comma before a message: %s',
    (text) => {
      const { items, error } = decodeOn(Buffer.from(log.asLines([text.replace('@', ''), log.transaction([one])])), [7]);
      expect(error).toBeNull();
      expect(outline(items)).toEqual(['COMMA_BEFORE_MESSAGE', 'commit', 'insert', 'commit']);
      const [bad] = items;
      expect(bad).toMatchObject({ diagnostic: { data: { record: 1, offset: text.indexOf('@') } } });
      expect(bad).toMatchObject({ at: { offset: text.indexOf('@') } });
    },
  );

  test.each([
    ['a change of a table', `{"change":[,${one}]}`],
    ['a message of a transaction', `{"change":[,${lone.replace('false', 'true')}]}`],
  ])('but no comma before %s', (_, text) => {
    expect(badIn(text)).toMatchObject([{ diagnostic: { code: 'NOT_JSON', data: { offset: 11 } } }]);
  });

  test.each(['{"change":[,]}', '{"change":[,,{}]}', '{"change":[,1]}', '{"change":[ , '])(
    'nor before none: %s',
    (text) => {
      const { items, error } = decodeOn(Buffer.from(text), [3]);
      expect(items).toEqual([]);
      expect(error?.code).toBe(text.endsWith(' ') ? 'TRUNCATED_INPUT' : 'NOT_JSON');
    },
  );
});
