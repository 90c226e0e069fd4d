import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Item } from '../../engine/source/format/decoder.ts';
import { runs } from '../support/counts.ts';
import { decode } from './reading.ts';
import { expected, logs, styles, write } from './records.ts';

function told(items: readonly Item[]): readonly unknown[] {
  return items.map((item) => {
    if (item.op !== 'insert') return item.op;
    const { header, values } = item.after;
    return { table: header.table, names: header.columns.map(({ name }) => name), values };
  });
}

const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 });

describe('a log', () => {
  test('says the same however it is written, and JSON.parse agrees that it is JSON', () => {
    fc.assert(
      fc.property(logs, styles, (log, style) => {
        const text = write(log, style);
        if (style.array) expect(JSON.parse(text.replace('\ufeff', ''))).toHaveLength(log.length);
        const { items, error } = decode(Buffer.from(text), []);
        expect(error).toBeNull();
        expect(told(items)).toEqual(expected(log));
      }),
      { numRuns: runs(500, 8_000) },
    );
  });

  test('gives the same items and offsets wherever its bytes are cut', () => {
    fc.assert(
      fc.property(logs, styles, lengths, (log, style, cuts) => {
        const bytes = Buffer.from(write(log, style));
        expect(decode(bytes, cuts)).toEqual(decode(bytes, []));
        expect(decode(bytes, [1])).toEqual(decode(bytes, []));
      }),
      { numRuns: runs(300, 5_000) },
    );
  });

  test('gives the same items and the same error wherever its bytes are cut, when one of them is wrong', () => {
    fc.assert(
      fc.property(
        logs,
        styles,
        fc.nat(),
        fc.constantFrom(...'{}[]",:x\\0 '),
        lengths,
        (log, style, at, wrong, cuts) => {
          const bytes = Buffer.from(write(log, style));
          if (bytes.length === 0) return;
          bytes.write(wrong, at % bytes.length);
          expect(decode(bytes, cuts)).toEqual(decode(bytes, []));
        },
      ),
      { numRuns: runs(500, 8_000) },
    );
  });

  test('is refused exactly if JSON.parse refuses it, when one of its bytes is wrong', () => {
    fc.assert(
      fc.property(logs, styles, fc.nat(), fc.constantFrom(...'{}[]",:x\\0 '), (log, style, at, wrong) => {
        const bytes = Buffer.from(write(log, { ...style, array: true, bom: false }));
        bytes.write(wrong, at % bytes.length);
        const { error } = decode(bytes, []);
        const parse = expect(() => JSON.parse(bytes.toString()));
        if (error === null) parse.not.toThrow();
        if (error?.code === 'NOT_JSON' || error?.code === 'TRUNCATED_INPUT') parse.toThrow();
      }),
      { numRuns: runs(1000, 10_000) },
    );
  });

  test('goes on behind each commit with what is left', () => {
    fc.assert(
      fc.property(logs, styles, (log, style) => {
        const bytes = Buffer.from(write(log, style));
        const { items, shape } = decode(bytes, []);
        items.forEach((commit, index) => {
          if (commit.op !== 'commit') return;
          const start = { bytes: commit.offset, records: commit.records, shape };
          expect(decode(bytes, [3], undefined, start)).toMatchObject({ items: items.slice(index + 1), error: null });
        });
      }),
      { numRuns: runs(200, 5_000) },
    );
  });
});

test('"change" is opened only where it is a member of the record itself', () => {
  const record = '{"x":{"change":[{"kind":"update"}]},"y":"\\"change\\":[","change":[],"z":[{"change":[1]}]}';
  expect(decode(Buffer.from(record), [1]).items).toEqual([
    { op: 'commit', from: 0, offset: record.length, records: 1, lsn: null },
  ]);
});

test.each(['', ' \n\t\r\n', '\ufeff', '[]', ' [ ] ', '\ufeff[]\n'])('%j has no records', (text) => {
  expect(decode(Buffer.from(text), [1])).toEqual({ items: [], error: null, shape: null });
});

test('records may follow each other without anything between them', () => {
  const text = '{"change":[]}{"change":[]}';
  expect(decode(Buffer.from(text), []).items.map((item) => ('offset' in item ? item.offset : 0))).toEqual([13, 26]);
});

test('nothing may follow the array', () => {
  expect(decode(Buffer.from('[]\n {"change":[]}'), []).error).toMatchObject({ code: 'NOT_JSON', data: { offset: 4 } });
});
