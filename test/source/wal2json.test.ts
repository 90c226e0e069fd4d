import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { columns, decode, insert } from './reading.ts';

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

describe('an insert of version 1', () => {
  test('becomes a change with header, values and position, and each transaction ends with a commit', () => {
    const text = `[${insert('t', { id: 1, name: 'x' })}, {"change": []}]`;
    expect(decodeText(text)).toEqual({
      items: [
        {
          op: 'insert',
          after: {
            header: {
              schema: 'public',
              table: 't',
              columns: [
                { name: 'id', type: 'integer' },
                { name: 'name', type: 'text' },
              ],
            },
            values: [{ json: '1' }, 'x'],
          },
          at: { file: 'log', record: 1, offset: 12, lsn: null },
        },
        { op: 'commit', from: 1, offset: text.indexOf(', {"change": []}'), records: 1, lsn: null },
        { op: 'commit', from: text.indexOf('{"change": []}'), offset: text.length - 1, records: 2, lsn: null },
      ],
      error: null,
      shape: 'array',
    });
  });

  test('members may stand in any order, extra ones are nothing, types and schema may be missing', () => {
    const text =
      '{"xid":1,"change":[{"columnvalues":[true],"pk":{"pknames":["a"]},"table":"t","columnnames":["a"],"kind":"insert"}],"x":{}}';
    const { items, error } = decodeText(text);
    expect(error).toBeNull();
    expect(items[0]).toMatchObject({
      after: { header: { schema: null, table: 't', columns: [{ name: 'a', type: null }] }, values: [true] },
    });
  });

  test('numbers keep every digit, and values are what their JSON says', () => {
    const values =
      '[9007199254740993,12345678901234.5678,1.10,-0,1e400,null,true,false,"\\u00e9\\n","",{"a" : 1.0},[]]';
    const names = JSON.stringify(Array.from({ length: 12 }, (_, index) => `c${index}`));
    const text = `{"change":[{"kind":"insert","table":"t","columnnames":${names},"columnvalues":${values}}]}`;
    expect(decodeText(text).items[0]).toMatchObject({
      after: {
        values: [
          { json: '9007199254740993' },
          { json: '12345678901234.5678' },
          { json: '1.10' },
          { json: '-0' },
          { json: '1e400' },
          null,
          true,
          false,
          'é\n',
          '',
          { json: '{"a" : 1.0}' },
          { json: '[]' },
        ],
      },
    });
  });

  test('only the columns of interest are in header and values, and none of a table that nobody reads', () => {
    const text = `${insert('t', { a: 1, b: 2, c: 3 })}${insert('u', { a: 1 })}`;
    const { items } = decodeText(text, columns({ t: ['c', 'a', 'z'] }));
    expect(items.filter(({ op }) => op === 'insert')).toMatchObject([
      {
        after: {
          header: { table: 't', columns: [{ name: 'a' }, { name: 'c' }] },
          values: [{ json: '1' }, { json: '3' }],
        },
      },
      { after: { header: { table: 'u', columns: [] }, values: [] } },
    ]);
  });

  test('records that say the same columns share one header, others do not', () => {
    const texts = [
      insert('t', { a: 1 }),
      insert('t', { a: 2 }),
      insert('t', { a: 'x' }),
      insert('t', { b: 1 }),
      insert('u', { a: 1 }),
      insert('t', { a: 3 }),
    ];
    const { items } = decodeText(texts.join('\n'));
    const headers = items.flatMap((item) => (item.op === 'insert' ? [item.after.header] : []));
    expect(headers.map((header) => headers.indexOf(header))).toEqual([0, 0, 2, 3, 4, 0]);
  });

  test('names of any kind are data', () => {
    const names = ['__proto__', 'constructor', 'a.b', 'A', 'a', '"; DROP TABLE x; --', 'é\u0000', ''];
    const row = names.map((name) => [name, name] as const);
    const text = change({ table: '__proto__', columnnames: names, columntypes: names, columnvalues: names });
    const { items } = decodeText(text, [{ schema: null, tables: ['__proto__'], columns: new Set(names) }]);
    expect(items[0]).toMatchObject({ after: { header: { table: '__proto__' } } });
    const image = items[0]?.op === 'insert' ? items[0].after : null;
    expect(image?.header.columns.map(({ name }, index) => [name, image.values[index]])).toEqual(row);
  });

  test('of a member that stands there twice the last one counts', () => {
    const text =
      '{"change":[{"kind":"delete","kind":"insert","table":"t","columnnames":["x"],"columnnames":["a"],"columnvalues":[1,2],"columnvalues":[3]}]}';
    expect(decodeText(text).items[0]).toMatchObject({
      after: { header: { columns: [{ name: 'a' }] }, values: [{ json: '3' }] },
    });
  });

  test('the LSN after the commit is told to the changes if it stands before them, and to the commit in any case', () => {
    const [before, after] = ['{"nextlsn":"1/1ED6BAA0","change":[', '{"change":['].map(
      (head) => `${head}${change({}).slice(11, -2)}]`,
    );
    const { items } = decodeText(`${before}}${after},"nextlsn":"0/FF"}`);
    expect(items.map((item) => (item.op === 'insert' ? item.at.lsn : 'lsn' in item ? item.lsn : 0))).toEqual([
      0x11ed6baa0n,
      0x11ed6baa0n,
      null,
      0xffn,
    ]);
  });

  test('messages are no changes, whatever bytes they hold', () => {
    const message = Buffer.concat([
      Buffer.from('{"change":[{"kind":"message","transactional":true,"prefix":"p","content":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}]}'),
    ]);
    expect(decode(message, [])).toMatchObject({ error: null, items: [{ op: 'commit', records: 1 }] });
  });

  test('nesting of any depth is no danger', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const text = `{"change":[{"kind":"insert","table":"t","columnnames":["a"],"columnvalues":[${deep}]}],"x":${deep}}`;
    expect(decodeText(text)).toMatchObject({ error: null, items: [{ after: { values: [{ json: deep }] } }, {}] });
  });
});

describe('real logs', () => {
  const folder = '../shared/examples/wal2json/inserts_only';
  const log = '../shared/data/wal.json';

  test('captures of one log, however written, say the same changes', ({ skip }) => {
    if (!existsSync(folder)) skip(`${folder} is not there`);
    const names = readdirSync(folder).filter((name) => name.startsWith('v1'));
    const seen = names.map((name) => {
      const { items, error } = decode(readFileSync(`${folder}/${name}`), [1000]);
      expect(error).toBeNull();
      return items.map((item) => (item.op === 'insert' ? item.after : item.op));
    });
    expect(seen.length).toBeGreaterThan(2);
    for (const each of seen) expect(each).toEqual(seen[0]);
  });

  test('the log of the dashboard has a thousand inserts, one a transaction', ({ skip }) => {
    if (!existsSync(log)) skip(`${log} is not there`);
    const { items, error } = decode(readFileSync(log), [1 << 16]);
    expect(error).toBeNull();
    const tables = items.map((item) => (item.op === 'insert' ? item.after.header.table : item.op));
    const count = (name: string) => tables.filter((table) => table === name).length;
    expect(count('event_v2_data')).toBe(576);
    expect(count('payment_instrument_token_data')).toBe(144);
    expect(count('transaction')).toBe(140);
    expect(count('transaction_request')).toBe(140);
    expect(count('commit')).toBe(1000);
    expect(items).toHaveLength(2000);
  });
});
