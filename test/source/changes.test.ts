import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Item } from '../../engine/source/format/decoder.ts';
import { runs } from '../support/counts.ts';
import { expected, histories, manners, write } from './generate.ts';
import { decode, decodeOn } from './reading.ts';
import { changesOf, isChange, judged, tell } from './told.ts';

const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 });

function told(items: readonly Item[]): readonly unknown[] {
  return items.map((item) => (isChange(item) ? tell(item) : item.op === 'commit' ? { commit: item.lsn } : item));
}

describe('a log of every kind of change, in either version', () => {
  test('says the same however it is written, and an independent reader agrees', () => {
    fc.assert(
      fc.property(histories, manners, (history, manner) => {
        const text = write(history, manner);
        const { items, error } = decode(Buffer.from(text), []);
        expect(error).toBeNull();
        expect(told(items)).toEqual(expected(history, manner));
        expect(changesOf(items)).toEqual(judged(text.replace('\ufeff', '')));
      }),
      { numRuns: runs(1000, 10_000) },
    );
  });

  test('gives the same items and offsets wherever its bytes are cut', () => {
    fc.assert(
      fc.property(histories, manners, lengths, (history, manner, cuts) => {
        const bytes = Buffer.from(write(history, manner));
        const whole = decode(bytes, []);
        expect(decode(bytes, cuts)).toEqual(whole);
        expect(decode(bytes, [1])).toEqual(whole);
      }),
      { numRuns: runs(200, 5_000) },
    );
  });

  test('goes on behind each commit with what is left', () => {
    fc.assert(
      fc.property(histories, manners, (history, manner) => {
        const bytes = Buffer.from(write(history, manner));
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

  test('that is cut short gives its whole transactions, and says that it ends too early or not at all', () => {
    fc.assert(
      fc.property(histories, manners, fc.nat(), (history, manner, at) => {
        const bytes = Buffer.from(write(history, manner));
        const whole = decode(bytes, []).items;
        const { items, error } = decode(bytes.subarray(0, at % (bytes.length + 1)), [7]);
        const commits = items.slice(0, items.findLastIndex(({ op }) => op === 'commit') + 1);
        expect(commits).toEqual(whole.slice(0, commits.length));
        if (error !== null) expect(error.code).toBe('TRUNCATED_INPUT');
      }),
      { numRuns: runs(300, 5_000) },
    );
  });

  test('gives the same items, bad ones too, wherever its bytes are cut, when one of them is wrong', () => {
    const wrong = fc.constantFrom(...'{}[]",:x\\0 ');
    fc.assert(
      fc.property(histories, manners, fc.nat(), wrong, lengths, (history, manner, at, byte, cuts) => {
        const bytes = Buffer.from(write(history, manner));
        if (bytes.length === 0) return;
        bytes.write(byte, at % bytes.length);
        expect(decodeOn(bytes, cuts)).toEqual(decodeOn(bytes, []));
      }),
      { numRuns: runs(300, 8_000) },
    );
  });
});
