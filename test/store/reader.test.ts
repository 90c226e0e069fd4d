/** Readers are shared by all who read the same thing of the same rows, and by nobody else. */
import { expect, test } from 'vitest';
import type { Header, Image, Position } from '../../engine/change.ts';
import type { ColumnPath } from '../../engine/expression/expression.ts';
import { readerOf } from '../../engine/store/pick/reader.ts';

const header = (): Header => ({ schema: 'public', table: 't', columns: [{ name: 'a', type: null }] });
const at: Position = { file: 'log', record: 1, offset: 0, lsn: null };
const whole: ColumnPath = { kind: 'nested', column: 'a', steps: [] };
const nested: ColumnPath = { kind: 'nested', column: 'a', steps: ['b'] };
const now = () => 'now';

/** An image whose column can be taken a counted number of times. */
function counted(of: Header, value: string): { readonly image: Image; readonly taken: () => number } {
  let count = 0;
  const values = new Proxy([value], {
    get: (target, name) => {
      if (name === '0') count++;
      return Reflect.get(target, name);
    },
  });
  return { image: { header: of, values }, taken: () => count };
}

test('a value that several read is taken once of each image', () => {
  const of = header();
  const readers = [1, 2, 3].map(() => readerOf(nested, 'text', of, now));
  const [first, second] = [counted(of, '{"b":1}'), counted(of, '{"b":2}')];
  expect(readers.map((read) => read(first.image, at))).toEqual(['1', '1', '1']);
  expect(readers.map((read) => read(second.image, at))).toEqual(['2', '2', '2']);
  expect(readers[0]?.(first.image, at)).toBe('1');
  expect([first.taken(), second.taken()]).toEqual([2, 1]);
});

test('what can not be taken fails for each who reads it', () => {
  const of = header();
  const image: Image = { header: of, values: ['{'] };
  const readers = [1, 2].map(() => readerOf(nested, 'text', of, now));
  for (const read of readers) expect(() => read(image, at)).toThrow('expected');
});

test('another path, type or header has another reader', () => {
  const of = header();
  const image: Image = { header: of, values: [{ json: '12' }] };
  expect(readerOf(whole, 'integer', of, now)(image, at)).toBe(12n);
  expect(readerOf(whole, 'text', of, now)(image, at)).toBe('12');
  expect(readerOf(nested, 'text', of, now)(image, at)).toBeNull();
  const other: Header = { ...of, columns: [{ name: 'b', type: null }, ...of.columns] };
  expect(readerOf(whole, 'text', other, now)({ header: other, values: ['b', 'a'] }, at)).toBe('a');
  const readAt = (time: string) => readerOf({ kind: 'fact', fact: 'read_at' }, null, of, () => time)(image, at);
  expect([readAt('one'), readAt('two')]).toEqual(['one', 'two']);
});
