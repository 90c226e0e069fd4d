import { describe, expect, test } from 'vitest';
import { FROM_THE_START } from '../../engine/source/format/decoder.ts';
import { openWal2json } from '../../engine/source/format/wal2json/wal2json.ts';
import { columns, decode, everything, findingOf, insert } from './reading.ts';

function decodeText(text: string, interest?: Parameters<typeof decode>[2]) {
  return decode(Buffer.from(text), [], interest);
}

function change(members: Record<string, unknown>): string {
  const all = {
    kind: 'insert',
    schema: 's',
    table: 't',
    columnnames: ['a'],
    columntypes: ['text'],
    columnvalues: ['x'],
    ...members,
  };
  return `{"change":[${JSON.stringify(all)}]}`;
}

describe('what can not be read is refused with its place', () => {
  const first = `${insert('t', { id: 1 })}\n`;
  const second = (text: string, found = '@') => [text.replace('@', ''), text.indexOf(found)] as const;

  test.each([
    [
      'an update of no columns',
      ...second(`{"change":[@{"kind":"update","table":"t"}]}`),
      'NOT_WAL2JSON',
      '"columnnames"',
    ],
    ['a delete of no row', ...second(`{"change":[@{"kind":"delete","table":"t"}]}`), 'NOT_WAL2JSON', '"oldkeys"'],
    [
      'old keys that are no object',
      ...second(`{"change":[{"kind":"delete","table":"t","oldkeys":@[]}]}`),
      'NOT_WAL2JSON',
      'an object as "oldkeys"',
    ],
    [
      'old keys without names',
      ...second(`{"change":[{"kind":"delete","table":"t","oldkeys":@{"keyvalues":[]}}]}`),
      'NOT_WAL2JSON',
      '"keyvalues" stands where wal2json has an array as "keynames"',
    ],
    [
      'old keys without values',
      ...second(`{"change":[{"kind":"delete","table":"t","oldkeys":@{"keynames":["a"]}}]}`),
      'NOT_WAL2JSON',
      'an array as "keyvalues"',
    ],
    [
      'fewer old keys than names',
      ...second(`{"change":[{"kind":"delete","table":"t","oldkeys":@{"keynames":["a"],"keyvalues":[]}}]}`),
      'NAMES_VALUES_DIFFER',
      '1 key names and 0 values',
    ],
    [
      'fewer types than old keys',
      ...second(
        `{"change":[{"kind":"delete","table":"t","oldkeys":@{"keynames":["a"],"keytypes":[],"keyvalues":[1]}}]}`,
      ),
      'NAMES_VALUES_DIFFER',
      '1 key names and 0 types',
    ],
    [
      'a truncate, which version 1 has not',
      ...second(`{"change":[{"kind":@"truncate"}]}`),
      'NOT_WAL2JSON',
      '"truncate"',
    ],
    [
      'an insert of no columns, in version 2',
      ...second('@{"action":"I","table":"t"}'),
      'NOT_WAL2JSON',
      'an array as "columns"',
    ],
    [
      'an update of no columns, in version 2',
      ...second('@{"action":"U","table":"t","identity":[]}'),
      'NOT_WAL2JSON',
      'an array as "columns"',
    ],
    [
      'a delete of no row, in version 2',
      ...second('@{"action":"D","table":"t"}'),
      'NOT_WAL2JSON',
      'an array as "identity"',
    ],
    ['a truncate of no table', ...second('@{"action":"T"}'), 'NOT_WAL2JSON', 'a string as "table"'],
    ['an unknown action', ...second('{"action":@"X"}'), 'NOT_WAL2JSON', 'B, C, I, U, D, T or M'],
    ['an action that is no string', ...second('{"action":@1}'), 'NOT_WAL2JSON', 'a string as "action"'],
    [
      'columns that are no array',
      ...second('{"action":"I","table":"t","columns":@{}}'),
      'NOT_WAL2JSON',
      'an array as "columns"',
    ],
    [
      'a column that is no object',
      ...second('{"action":"I","table":"t","columns":[@1]}'),
      'NOT_WAL2JSON',
      '1 stands where wal2json has a column with its name',
    ],
    [
      'a column without a value',
      ...second('{"action":"I","table":"t","columns":[@{"name":"a"}]}'),
      'NOT_WAL2JSON',
      '{"name":"a"} stands',
    ],
    [
      'a column without a name',
      ...second('{"action":"D","table":"t","identity":[@{"value":1}]}'),
      'NOT_WAL2JSON',
      'a string as "name"',
    ],
    [
      'a column whose name is none',
      ...second('{"action":"I","table":"t","columns":[{"name":@["a"],"value":1}]}'),
      'NOT_WAL2JSON',
      'a string as "name"',
    ],
    ['a commit of nothing', ...second('@{"action":"C"}'), 'TRANSACTION_NOT_BEGUN', '"C"'],
    ['a begin in a transaction', ...second('{"action":"B"}@{"action":"B"}'), 'TRANSACTION_NOT_ENDED', 'record 2', 3],
    [
      'version 1 in a transaction of version 2',
      ...second('{"action":"B"}@{"change":[]}'),
      'NOT_WAL2JSON',
      'version 1',
      3,
    ],
    ['an LSN that is none, in version 2', ...second('{"action":"B","nextlsn":@"x"}'), 'NOT_WAL2JSON', 'position'],
    ['a wrong word in a column', ...second('{"action":"I","columns":[{"name":@nul}]}'), 'NOT_JSON', 'a value'],
    ['other JSON', ...second('@{"id":1,"name":"x"}'), 'NOT_WAL2JSON', '"id", "name"'],
    ['an empty object', ...second('@{}'), 'NOT_WAL2JSON', 'no member'],
    ['changes that are no array', ...second('{"change":@{}}'), 'NOT_WAL2JSON', 'an array as "change"'],
    ['an unknown kind', ...second('{"change":[{"kind":@"upsert"}]}'), 'NOT_WAL2JSON', '"upsert"'],
    ['a change without kind', ...second('{"change":[@{"table":"t"}]}'), 'NOT_WAL2JSON', '"kind"'],
    ['no names', ...second('{"change":[@{"kind":"insert","table":"t"}]}'), 'NOT_WAL2JSON', '"columnnames"'],
    ['a table that is no string', ...second('{"change":[{"kind":"insert","table":@5}]}'), 'NOT_WAL2JSON', '"table"'],
    [
      'names that are no strings',
      ...second('{"change":[{"kind":"insert","table":"t","columnnames":@[1]}]}'),
      'NOT_WAL2JSON',
      '[1]',
    ],
    ['a change that is no object', ...second('{"change":[@1]}'), 'NOT_WAL2JSON', 'a number'],
    ['a record that is no object', ...second('@"x"'), 'NOT_WAL2JSON', 'a string'],
    ['an LSN that is none', ...second('{"nextlsn":@"x","change":[]}'), 'NOT_WAL2JSON', 'position'],
    ['two arrays of changes', ...second('{"change":[]@,"change":[]}'), 'NOT_WAL2JSON', 'second "change"'],
    ['changes again, no array', ...second('{"change":[]@,"change":5}'), 'NOT_WAL2JSON', 'second "change"'],
    ['garbage between records', ...second('@x'), 'NOT_JSON', '"x" stands where JSON has a value'],
    ['a byte that starts nothing', ...second('@\u00ff'), 'NOT_JSON', 'the byte 0xc3 stands'],
    [
      'a tab in a string',
      ...second('{"change":[{"kind":"a@\tb"}]}'),
      'NOT_JSON',
      '"\\t" stands where JSON has an escaped',
    ],
    ['a comma between records', ...second('@,{"change":[]}'), 'NOT_JSON', '","'],
    ['a comma too many', ...second('{"change":[{"kind":"message"},@]}'), 'NOT_JSON', 'a value'],
    ['a comma before the first', ...second('{"change":[@,{"kind":"message"}]}'), 'NOT_JSON', 'a value'],
    [
      'no comma between changes',
      ...second('{"change":[{"kind":"message"}@{"kind":"message"}]}'),
      'NOT_JSON',
      '"," or "]"',
    ],
    ['no comma between members', ...second('{"x":1 @"change":[]}'), 'NOT_JSON', '"," or "}"'],
    ['a comma behind the last member', ...second('{"change":[],@}'), 'NOT_JSON', 'a name'],
    ['a name without quotes', ...second('{@change:[]}'), 'NOT_JSON', 'a name'],
    ['a colon missing', ...second('{"change"@[]}'), 'NOT_JSON', '":"'],
    ['the wrong bracket', ...second('{"change":[@}]}'), 'NOT_JSON', '"}"'],
    ['a wrong word in a change', ...second('{"change":[{"kind":"insert","é":@nul}]}', '@'), 'NOT_JSON', 'a value'],
    ['a wrong number in the head', ...second('{"xid":0@1,"change":[]}'), 'NOT_JSON', '"," or "}"'],
    ['a wrong word in the tail', ...second('{"change":[],"é":@tru}'), 'NOT_JSON', 'a value'],
    [
      'a type in bare quotes',
      ...second('{"change":[{"kind":"insert","columntypes":["W"@."M"]}]}'),
      'BARE_TYPE',
      'the type "W"."M" without',
    ],
    ['the wrong bracket in a value', ...second('{"change":[{"kind":[1@}}]}'), 'NOT_JSON', '"," or "]"'],
  ])('%s', (_, text, offset, code, words, record = 2) => {
    const place = Buffer.byteLength(first + text.slice(0, offset));
    for (const lengths of [[], [1], [first.length + 3, 5]]) {
      const { items, error } = decode(Buffer.from(first + text), lengths);
      expect(items.slice(0, 2).map(({ op }) => op)).toEqual(['insert', 'commit']);
      expect(error).toMatchObject({ code, data: { file: 'log', record, offset: place } });
      expect(error?.message).toContain(words);
    }
  });

  test.each([
    ['fewer values than names', { columnnames: ['a', 'b'], columntypes: ['x', 'y'] }, '2 column names and 1 values'],
    ['more values than names', { columnvalues: [1, 2, 3] }, '1 column names and 3 values'],
    ['fewer types than names', { columntypes: [] }, '1 column names and 0 types'],
  ])('%s', (_, members, words) => {
    for (const interest of [undefined, columns({})]) {
      const { error } = decodeText(first + change(members), interest);
      expect(error).toMatchObject({ code: 'NAMES_VALUES_DIFFER', data: { record: 2, offset: first.length + 11 } });
      expect(error?.message).toContain(words);
    }
  });

  test('bytes that are no UTF-8 are refused in a table that is read, where they stand, and nowhere else', () => {
    const text = change({ columnvalues: ['é\ufffd@'] });
    const bytes = Buffer.from(text);
    const offset = bytes.indexOf('@');
    bytes[offset] = 0xc3;
    expect(decode(bytes, []).error).toMatchObject({ code: 'NOT_UTF8', data: { file: 'log', record: 1, offset } });
    expect(decode(bytes, [], columns({})).error).toBeNull();
  });

  test('a change that no text can hold is refused before the memory is full', () => {
    const decoder = openWal2json('log', FROM_THE_START, everything);
    const stretch = Buffer.alloc(1 << 20, 'x');
    const start = '{"change":[ {"kind":"';
    const error = () => {
      for (const _ of decoder.push(Buffer.from(start)));
      for (let count = 0; count < 512; count++) for (const _ of decoder.push(stretch));
    };
    expect(findingOf(error)).toMatchObject({ code: 'CHANGE_TOO_LARGE', data: { record: 1, offset: 12 } });
  });

  test('text in UTF-16 is no JSON', () => {
    expect(decode(Buffer.from(`\ufeff${first}`, 'utf16le'), []).error).toMatchObject({
      code: 'NOT_JSON',
      data: { offset: 0 },
    });
  });
});

describe('a file that ends too early', () => {
  const [one, two] = [insert('t', { id: 1 }), insert('t', { id: 2 })];

  test('inside a record: the whole records before it are read, and the error says where it starts', () => {
    for (let cut = 1; cut < two.length; cut++) {
      const { items, error } = decode(Buffer.from(`${one}\n${two.slice(0, cut)}`), [7]);
      expect(items.findLast(({ op }) => op === 'commit')).toMatchObject({ records: 1, offset: one.length });
      expect(error).toMatchObject({ code: 'TRUNCATED_INPUT', data: { record: 2, offset: one.length + 1 } });
    }
  });

  test('behind a lost quote: no more bytes can mend that, so the end of the line is what is wrong', () => {
    const lost = two.replace('"integer"', '"integer');
    const text = `${one}\n${lost}\n${[1, 2, 3].map((id) => insert('t', { id })).join('\n')}`;
    for (const lengths of [[], [7]]) {
      const { items, error } = decode(Buffer.from(text), lengths);
      expect(items.findLast(({ op }) => op === 'commit')).toMatchObject({ records: 1 });
      const offset = one.length + 1 + lost.length;
      expect(error).toMatchObject({ code: 'NOT_JSON', data: { record: 2, offset } });
      expect(error?.message).toContain('a closing quote before it');
    }
  });

  test.each(['', ' ', ','])('inside an array, behind a record and %j', (rest) => {
    const text = `[${one}${rest}`;
    const { items, error } = decode(Buffer.from(text), [7]);
    expect(items).toHaveLength(2);
    expect(error).toMatchObject({ code: 'TRUNCATED_INPUT', data: { record: 2, offset: text.length } });
    expect(error?.message).toContain('array');
  });
});
