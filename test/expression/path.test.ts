import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonPathProblem } from '../../engine/expression/jsonpath.ts';
import { OperationError } from '../../engine/expression/operation/operation.ts';
import { extract, queryJsonPath } from '../../engine/expression/operation/path.ts';
import { JsonError } from '../../engine/json.ts';

describe('a nested path gives', () => {
  test.each<[string, string, (string | number)[], string | null]>([
    ['a string unescaped', '{"a": "x\\n\\u00e9\\ud83d\\ude00"}', ['a'], 'x\né😀'],
    ['a number digit for digit', '{"a": 12345678901234567890.10e-2}', ['a'], '12345678901234567890.10e-2'],
    ['minus zero as it stands', '[-0.0]', [0], '-0.0'],
    ['true', '{"a": true}', ['a'], 'true'],
    ['false', '{"a": false}', ['a'], 'false'],
    ['NULL for null', '{"a": null}', ['a'], null],
    ['an object as its own characters', '{"a": {"b" :1.0,  "b": [2]}}', ['a'], '{"b" :1.0,  "b": [2]}'],
    ['an array as its own characters', ' {"a":[ 1 , 2 ]} ', ['a'], '[ 1 , 2 ]'],
    ['what is deeper', '{"a": [{"b": 1}, {"b": 2}]}', ['a', 1, 'b'], '2'],
    ['places from the end', '[1, 2, 3]', [-1], '3'],
    ['NULL before the first place', '[1, 2, 3]', [-4], null],
    ['NULL behind the last place', '[1, 2, 3]', [3], null],
    ['NULL for a name that is not there', '{"a": 1}', ['b'], null],
    ['NULL in a scalar', '{"a": "length"}', ['a', 'length'], null],
    ['NULL in null', '{"a": null}', ['a', 'b'], null],
    ['NULL for a name in an array', '[1]', ['0'], null],
    ['NULL for a place in an object', '{"0": 1}', [0], null],
    ['the last of equal names', '{"a": 1, "b": 0, "a": {"c": 2}, "a": {"c": 3}}', ['a', 'c'], '3'],
    ['nothing of those before it', '{"a": {"c": 2}, "a": {"d": 3}}', ['a', 'c'], null],
    ['nothing of those before it, whatever it is', '{"a": {"c": 2}, "a": [3]}', ['a', 'c'], null],
    ['a name with escapes', '{"a\\u002eb": 1}', ['a.b'], '1'],
    ['an empty name', '{"": 1}', [''], '1'],
    ['harmless names', '{"__proto__": {"constructor": 1}}', ['__proto__', 'constructor'], '1'],
    ['nothing inherited', '{}', ['constructor'], null],
    ['the value itself without steps', ' "x" ', [], 'x'],
  ])('%s', (_, json, steps, expected) => {
    expect(extract(json, steps)).toBe(expected);
  });

  test.each(['{"a": 1} x', '{"a": 1, "b": }', '', '{"a": 01}', "{'a': 1}", '{"a": 1'])(
    'an error for %s, which is not JSON',
    (json) => {
      expect(() => extract(json, ['a'])).toThrow(JsonError);
      expect(() => queryJsonPath(json, '$.a')).toThrow(JsonError);
    },
  );

  test('both halves of a surrogate pair, and refuses one alone', () => {
    expect(extract(String.raw`{"a":"\ud83e\udd8a"}`, ['a'])).toBe('🦊');
    expect(extract(String.raw`{"a":"\\ud83e"}`, ['a'])).toBe(String.raw`\ud83e`);
    for (const alone of [String.raw`\ud83e`, String.raw`\udd8a\ud83e`, String.raw`\ud83ex`])
      for (const path of [['a'], ['b']])
        expect(() => extract(`{"a":"${alone}","b":1}`, path)).toThrow('both halves of a surrogate pair');
  });

  test('what JSON.parse would give', () => {
    const step = fc.oneof(fc.nat(2), fc.constantFrom('a', 'b', '__proto__', '0'));
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.integer(),
        fc.string(),
        fc.array(tie('value'), { maxLength: 3 }),
        tie('object'),
      ),
      object: fc.dictionary(fc.constantFrom('a', 'b', '__proto__', '0'), tie('value'), { noNullPrototype: false }),
    })).value;
    fc.assert(
      fc.property(json, fc.array(step, { maxLength: 4 }), (value, steps) => {
        const text = JSON.stringify(value, null, 1);
        const found = steps.reduce<unknown>((at, each) => {
          const fits = Array.isArray(at)
            ? typeof each === 'number'
            : at !== null && typeof at === 'object' && typeof each === 'string';
          return fits && Object.hasOwn(at as object, each) ? (at as Record<string, unknown>)[each] : undefined;
        }, JSON.parse(text));
        const extracted = extract(text, steps);
        if (typeof found === 'object') expect(JSON.parse(String(extracted))).toEqual(found);
        else expect(extracted).toBe(found === undefined ? null : String(found));
      }),
    );
  });
});

describe('a JSON path gives the first value in the text', () => {
  const json =
    '{"z": {"x": 1.50, "items": [{"x": 2, "n": "b"}, {"x": 3, "n": null}]}, "x": 0, "a-b": "dash", "10": "ten", "2": "two"}';
  test.each([
    ['$.z.x', '1.50'],
    ['$..x', '1.50'],
    ['$.x', '0'],
    ['$..items[1].x', '3'],
    ['$..items[*].x', '2'],
    ['$..items[-1:].x', '3'],
    ['$..items[0,1].n', 'b'],
    ['$..[1].x', '3'],
    ["$['a-b']", 'dash'],
    ['$["z"]["x"]', '1.50'],
    ['$.a-b', 'dash'],
    ['$.z.items', '[{"x": 2, "n": "b"}, {"x": 3, "n": null}]'],
    ['$.z.items[1].n', null],
    ['$.*', '{"x": 1.50, "items": [{"x": 2, "n": "b"}, {"x": 3, "n": null}]}'],
    ['$', json],
    ['$.nowhere', null],
    ['$..length', null],
    ['$.x.y', null],
    ["$['10']", 'ten'],
    ['$.z.items.length', null],
  ])('%s', (query, expected) => {
    expect(jsonPathProblem(query)).toBe(null);
    expect(queryJsonPath(json, query)).toBe(expected);
  });

  test('not in the order of JavaScript, where numbers come first', () => {
    expect(queryJsonPath('{"b": {"x": 1}, "1": {"x": 2}}', '$..x')).toBe('1');
  });

  test('of any kind at the root', () => {
    expect(['0', 'false', 'null', '""', '"x"', '1e2'].map((root) => queryJsonPath(root, '$'))).toEqual([
      '0',
      'false',
      null,
      '',
      'x',
      '1e2',
    ]);
  });

  test('among harmless names', () => {
    expect(queryJsonPath('{"__proto__": {"x": 1}}', '$.__proto__.x')).toBe('1');
    expect(queryJsonPath('{}', '$.constructor')).toBe(null);
    expect(queryJsonPath('{"~": {"@string()": {"x": 1}}}', '$..x')).toBe('1');
  });

  test('and says so where the data is nested too deep', () => {
    const deep = (levels: number) => `${'['.repeat(levels)}1${']'.repeat(levels)}`;
    expect(queryJsonPath(deep(400), '$..[0]')).toBe(deep(399));
    expect(() => queryJsonPath(deep(10_000), '$..[0]')).toThrow(OperationError);
  });
});

describe('a JSON path is refused', () => {
  test.each([
    ['$[?(@.price < 10)]', 'JSONPATH_SCRIPT'],
    ['$..book[(@.length-1)]', 'JSONPATH_SCRIPT'],
    ['$.a.@string()', 'JSONPATH_SCRIPT'],
    ['a.b', 'JSONPATH_SYNTAX'],
    ['', 'JSONPATH_SYNTAX'],
    ['$.', 'JSONPATH_SYNTAX'],
    ['$.a[', 'JSONPATH_SYNTAX'],
    ['$.a[]', 'JSONPATH_SYNTAX'],
    ['$.a^', 'JSONPATH_SYNTAX'],
    ['$.a~', 'JSONPATH_SYNTAX'],
    ['$...a', 'JSONPATH_SYNTAX'],
    ["$['a','b']", 'JSONPATH_SYNTAX'],
    ["$['a,b']", 'JSONPATH_SYNTAX'],
    ["$['*']", 'JSONPATH_SYNTAX'],
    ["$['..']", 'JSONPATH_SYNTAX'],
    ["$['1:2']", 'JSONPATH_SYNTAX'],
    ['$[-1]', 'JSONPATH_SYNTAX'],
    ['$.`a', 'JSONPATH_SYNTAX'],
    ["$['it''s (x)']", 'JSONPATH_SYNTAX'],
  ])('%s', (query, code) => {
    expect(jsonPathProblem(query)?.code).toBe(code);
  });
});
