import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonFormat, OperationFormat } from '../../engine/mapping/format.ts';
import { openJson } from '../../engine/source/format/json/json.ts';
import { runs } from '../support/counts.ts';
import { tell } from '../support/tally.ts';
import { badIn, type Decoding, decodeWith, rowsIn } from './decoding.ts';

const plain: JsonFormat = { kind: 'json', row: [], before: null, operation: null, jsonStrings: [] };

function decode(text: string | Buffer, format: Partial<JsonFormat> = {}, decoding: Decoding = {}) {
  return decodeWith((opening) => openJson(opening, { ...plain, ...format }), Buffer.from(text as string), decoding);
}

const layouts = ['an array', 'one a line', 'pretty-printed one after another'] as const;

/** Numbers as JSON writes them, of any length: no double holds them all. */
const numbers = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.bigInt({ min: 0n, max: 10n ** 30n }),
    fc.stringMatching(/^(\.\d{1,25})?([eE][+-]?\d)?$/),
  )
  .map((parts) => ({ json: parts.join('') }));
const values = fc.oneof(fc.string({ unit: 'binary' }), fc.boolean(), fc.constant(null), numbers);
const documents = fc.array(fc.dictionary(fc.string({ unit: 'binary', maxLength: 5 }), values, { maxKeys: 5 }), {
  maxLength: 8,
});

type Document = Readonly<Record<string, string | boolean | null | { readonly json: string }>>;

function documentText(document: Document, layout: (typeof layouts)[number]): string {
  const members = Object.entries(document).map(([name, value]) => {
    const text = value !== null && typeof value === 'object' ? value.json : JSON.stringify(value);
    return `${JSON.stringify(name)}: ${text}`;
  });
  return layout === 'one a line' ? `{${members.join(', ')}}` : `{\n  ${members.join(',\n  ')}\n}`;
}

function write(all: readonly Document[], layout: (typeof layouts)[number]): Buffer {
  const texts = all.map((document) => documentText(document, layout));
  return Buffer.from(layout === 'an array' ? `[${texts.join(',\n')}]\n` : texts.map((text) => `${text}\n`).join(''));
}

const cuts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 12 });

describe('documents', () => {
  test.each(layouts)('written as %s are read back exactly, however they are cut', async (layout) => {
    await fc.assert(
      fc.asyncProperty(documents, cuts, async (all, lengths) => {
        const bytes = write(all, layout);
        const whole = await decode(bytes);
        expect(whole.error).toBeNull();
        expect(rowsIn(whole.items)).toEqual(all.map((document) => ({ ...document })));
        expect(await decode(bytes, {}, { lengths })).toEqual(whole);
        for (const [n, start] of whole.starts.entries())
          expect((await decode(bytes, {}, { lengths, start })).items).toEqual(whole.items.slice(2 * (n + 1)));
        tell('json files read back');
      }),
      { numRuns: runs(150, 10_000) },
    );
  });

  test('that are none leave those around them as they are', async () => {
    const { items, error } = await decode('{"a":1}\n[2]\n3\n{"a":4,}\n{"a":5}\n');
    expect(error).toBeNull();
    expect(badIn(items)).toEqual(['NO_DOCUMENT 2 8+3', 'NO_DOCUMENT 3 12+1', 'NOT_JSON 4 14+8']);
    expect(rowsIn(items)).toEqual([{ a: { json: '1' } }, { a: { json: '5' } }]);
  });

  test('of which the last is cut off are told apart from those that are whole', async () => {
    const { items, error } = await decode('{"a":1}\n{"a":');
    expect(rowsIn(items)).toHaveLength(1);
    expect(error).toMatchObject({ code: 'TRUNCATED_INPUT', data: { record: 2, offset: 8 } });
  });

  test('with brackets out of place end the reading', async () => {
    expect((await decode('{"a":1}\n}{"a":2}')).error).toMatchObject({ code: 'NOT_JSON', data: { offset: 8 } });
    expect((await decode('[{"a":1},]')).error).toMatchObject({ code: 'NOT_JSON', data: { offset: 9 } });
  });
});

/** What change data capture of Debezium writes. */
const debezium: Partial<JsonFormat> = {
  row: ['payload', 'after'],
  before: ['payload', 'before'],
  operation: {
    field: ['payload', 'op'],
    meanings: [
      ['c', 'insert'],
      ['r', 'insert'],
      ['u', 'update'],
      ['d', 'delete'],
      ['t', 'truncate'],
    ],
  },
};

/** A change as a line: what was done, and the columns of the images. */
async function told(text: string, format: Partial<JsonFormat>): Promise<readonly string[]> {
  const { items, error } = await decode(text, format);
  expect(error).toBeNull();
  return items.flatMap((item) => {
    if (item.op === 'commit') return [];
    if (item.op === 'bad') return [`${item.diagnostic.code}: ${item.diagnostic.message}`];
    const image = (of: { header: { columns: readonly { name: string }[] }; values: readonly unknown[] } | null) =>
      JSON.stringify(of && Object.fromEntries(of.header.columns.map(({ name }, n) => [name, of.values[n]])));
    const before = 'before' in item ? [`before ${image(item.before)}`] : [];
    const after = 'after' in item ? [`after ${image(item.after)}`] : [];
    return [[item.op, ...before, ...after].join(' ')];
  });
}

describe('an envelope', () => {
  test('of Debezium is declared: what stands around the row are columns too', async () => {
    const lines = [
      '{"schema":null,"payload":{"before":null,"after":{"id":"a","v":"1"},"op":"c","ts":"7"}}',
      '{"payload":{"before":{"id":"a"},"after":{"id":"b","v":"2"},"op":"u"}}',
      '{"payload":{"before":{"id":"b"},"after":null,"op":"d"}}',
      '{"payload":{"op":"t"}}',
    ];
    expect(await told(lines.join('\n'), debezium)).toEqual([
      'insert after {"schema":null,"op":"c","ts":"7","id":"a","v":"1"}',
      'update before {"op":"u","id":"a"} after {"op":"u","id":"b","v":"2"}',
      'delete before {"op":"d","id":"b"}',
      'truncate',
    ]);
  });

  test('may be the document itself: an update tells a part of the row, a delete its key', async () => {
    const operation: OperationFormat = {
      field: ['op'],
      meanings: [
        ['1', 'update'],
        ['true', 'delete'],
      ],
    };
    expect(await told('{"op":1,"id":"a","v":"2"}{"op":true,"id":"a"}', { operation })).toEqual([
      'update before null after {"op":{"json":"1"},"id":"a","v":"2"}',
      'delete before {"op":true,"id":"a"}',
    ]);
  });

  test('takes the row of a delete from where rows stand, if nothing stands before it', async () => {
    const operation: OperationFormat = { field: ['event'], meanings: [['deleted', 'delete']] };
    expect(await told('{"event":"deleted","data":{"id":"a"}}', { row: ['data'], operation })).toEqual([
      'delete before {"event":"deleted","id":"a"}',
    ]);
  });

  test('without a row, or of an operation that is not declared, is bad', async () => {
    const lines = [
      '{"payload":{"op":"c","after":null}}',
      '{"payload":{"op":"x","after":{}}}',
      '{"payload":{"after":{}}}',
      '{"payload":[]}',
    ];
    expect(await told(lines.join('\n'), debezium)).toEqual([
      'NO_ROW: the row is an object at "payload.after", and there is null',
      'UNKNOWN_OPERATION: "payload.op" tells the operation, and is "x"',
      'UNKNOWN_OPERATION: "payload.op" tells the operation, and is missing',
      'UNKNOWN_OPERATION: "payload.op" tells the operation, and is missing',
    ]);
  });
});

test('a column that holds JSON as a string is checked, and known as JSON', async () => {
  const { items } = await decode('{"c":"{\\"n\\":1.10}"}{"c":{"n":1}}{"c":"{n}"}{"c":null}', { jsonStrings: ['c'] });
  expect(badIn(items)).toEqual(['COLUMN_NOT_JSON 3 33+11']);
  expect(rowsIn(items)).toEqual([{ c: '{"n":1.10}' }, { c: { json: '{"n":1}' } }, { c: null }]);
  expect(items[0]).toMatchObject({ after: { header: { columns: [{ name: 'c', type: 'json' }] } } });
});
