/** Patterns in large stretches of bytes: a matcher that looks at many bytes at a time finds what one finds that looks at each. */
import { expect, test, vi } from 'vitest';
import { openMatcher } from '../../engine/source/format/wal2json/matcher.ts';
import { type Pattern, patternOf } from '../../engine/source/format/wal2json/pattern.ts';

/** Of a change whose table has a name of so many characters, and one value. */
function pattern(length: number): Pattern {
  const bytes = Buffer.from(`{"table":"${'t'.repeat(length)}","values":["a"]}`);
  const start = bytes.indexOf('"a"');
  return patternOf(bytes, [{ of: 'after', values: [{ start, end: start + 3 }], wanted: [true] }]);
}

test('takes patterns for which there was no room before, and still has its stretch', () => {
  const [small, large] = [pattern(1), pattern(100_000)];
  const stretch = Buffer.from(`{"table":"t","values":["one"]}{"table":"${'t'.repeat(100_000)}","values":["two"]}`);
  const places = [openMatcher(), openMatcher(null)].map((matcher) => {
    matcher.know([small]);
    matcher.take(stretch);
    matcher.know([small, large]);
    const found = [new Int32Array(3), new Int32Array(3)] as const;
    const end = matcher.match(small, 0, found[0]);
    return [end, matcher.match(large, end, found[1]), ...found[0], ...found[1]];
  });
  expect(places[0]).toEqual(places[1]);
  expect(places[1]?.slice(0, 2)).toEqual([30, stretch.length]);
});

test('looks at each byte where no memory can be had to look at many', () => {
  let asked = 0;
  class Refused {
    constructor() {
      asked++;
      throw new RangeError('WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory for new instance');
    }
  }
  const { WebAssembly: real } = globalThis as unknown as { readonly WebAssembly: object };
  vi.stubGlobal('WebAssembly', Object.create(real, { Instance: { value: Refused } }));
  const matcher = openMatcher();
  vi.unstubAllGlobals();
  expect(asked).toBe(1);
  const known = pattern(1);
  matcher.know([known]);
  matcher.take(Buffer.from('{"table":"t","values":["one"]}'));
  expect(matcher.match(known, 0, new Int32Array(3))).toBe(30);
});
