import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  elements,
  JsonError,
  members,
  readLiteral,
  readString,
  skipElements,
  skipMembers,
  skipSpace,
  skipValue,
} from '../engine/json.ts';

const runs = process.env.ETL_TEST === 'full' ? 20_000 : 1_000;

function accepts(text: string): boolean {
  try {
    return skipSpace(text, skipValue(text, skipSpace(text, 0))) === text.length;
  } catch (error) {
    if (error instanceof JsonError) return false;
    throw error;
  }
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function errorOf(text: string): JsonError {
  try {
    skipValue(text, 0);
  } catch (error) {
    if (error instanceof JsonError) return error;
  }
  throw new Error(`accepted: ${text}`);
}

/** Builds with members and elements only, so that every span is used. */
function build(text: string, start: number, end: number): unknown {
  if (text[start] === '{') {
    return Object.fromEntries(members(text, start).map((each) => [each.name, build(text, each.start, each.end)]));
  }
  if (text[start] === '[') return elements(text, start).map((each) => build(text, each.start, each.end));
  const literal = readLiteral(text, start, end);
  return literal !== null && typeof literal === 'object' ? JSON.parse(literal.json) : literal;
}

describe('what is JSON', () => {
  const indents = fc.constantFrom('', ' ', '\t', '\r\n');

  test('every text that JSON.stringify writes is accepted, and built again from its spans', () => {
    fc.assert(
      fc.property(fc.jsonValue(), indents, (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(build(text, 0, skipValue(text, 0))).toEqual(JSON.parse(text));
      }),
      { numRuns: runs },
    );
  });

  test('a text with one place changed is accepted exactly if JSON.parse accepts it', () => {
    const pieces = fc.constantFrom(
      ...'{}[]",:\\u0123456789.eE+-ntf \t\n\r\u0000\u001f\u007f\u2028é',
      '\\u00e9',
      '\\"',
      'null',
    );
    fc.assert(
      fc.property(fc.json(), fc.nat(), pieces, fc.nat(2), (text, place, piece, removed) => {
        const at = place % (text.length + 1);
        const changed = text.slice(0, at) + piece + text.slice(at + removed);
        expect(accepts(changed)).toBe(parses(changed));
      }),
      { numRuns: runs * 5 },
    );
  });

  test('any words of the grammar in any order are accepted exactly if JSON.parse accepts them', () => {
    const words = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"\\n"',
      '1',
      '-',
      '0',
      '.5',
      'e9',
      'true',
      'nul',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 12 }), (list) => {
        expect(accepts(list.join(''))).toBe(parses(list.join('')));
      }),
      { numRuns: runs * 5 },
    );
  });

  test.each([
    '01',
    '-',
    '1.',
    '.5',
    '1e',
    '1e+',
    '+1',
    'tru',
    '"\\x"',
    '"\\u12g4"',
    '"a\nb"',
    '"',
    '',
    '[1,]',
    '{"a":1,}',
    '\u00a01',
  ])('not JSON: %j', (text) => {
    expect(accepts(text)).toBe(false);
    expect(parses(text)).toBe(false);
  });

  test('a million nested brackets do not overflow the stack', () => {
    const deep = 1_000_000;
    const text = '['.repeat(deep) + ']'.repeat(deep);
    expect(skipValue(text, 0)).toBe(2 * deep);
    expect(errorOf('{"a":'.repeat(deep)).at).toBe(5 * deep);
  });
});

describe('strings of any length', () => {
  test.each(['a', '\\"', 'a\\u0041'])('three million of %j are one string', (unit) => {
    const text = `"${unit.repeat(3_000_000)}"`;
    expect(skipValue(text, 0)).toBe(text.length);
  });
});

describe('errors', () => {
  test.each([
    ['{"a" 1}', 5, '":"'],
    ['[1 2]', 3, '"," or "]"'],
    ['{"a":1]', 6, '"," or "}"'],
    ['{a:1}', 1, 'a name in double quotes'],
    ['[1,]', 3, 'a value'],
    ['-x', 1, 'a digit'],
    ['"a\tb"', 2, 'an escaped control character'],
    ['"abc', 4, 'the closing quote of a string'],
    ['["\\q"]', 2, 'an escape such as "\\n" or "\\u0041"'],
  ])('%s says where and what was expected', (text, at, expected) => {
    expect(errorOf(text)).toMatchObject({ at, expected });
  });

  test('members of what is no object and elements of what is no array are refused', () => {
    expect(() => members('[]', 0)).toThrow(JsonError);
    expect(() => elements('{}', 0)).toThrow(JsonError);
  });
});

describe('values', () => {
  test('numbers keep all their digits', () => {
    const text = '[9007199254740993, 12345678901234.5678, 1.10, -0, 1E400]';
    const literals = elements(text, 0).map((each) => readLiteral(text, each.start, each.end));
    expect(literals).toEqual(
      text
        .slice(1, -1)
        .split(', ')
        .map((json) => ({ json })),
    );
  });

  test('null, booleans and strings are read; objects and arrays keep their own characters', () => {
    const text = '[null,true,false,"a\\u0000\\"","",{"b" : 1.0}, [ ]]';
    const literals = elements(text, 0).map((each) => readLiteral(text, each.start, each.end));
    expect(literals).toEqual([null, true, false, 'a\u0000"', '', { json: '{"b" : 1.0}' }, { json: '[ ]' }]);
  });

  test('where the parts of a value end is known behind the last, also if another way goes over them', () => {
    const text = ' {"a":[1,"]"],"b":{}} ';
    const seen: string[] = [];
    const skip = (all: string, at: number, name: string): number => {
      seen.push(name);
      return all[at] === '[' ? skipElements(all, at, skip) : skipValue(all, at);
    };
    expect(skipMembers(text, 1, skip)).toBe(text.length - 1);
    expect(seen).toEqual(['a', '', '', 'b']);
  });

  test('every duplicate member is handed out, and __proto__ is a name as any other', () => {
    const text = ' { "__proto__" : 1 , "a":2,"a":[3] , "\\u0061" : 4}';
    const found = members(text, 1).map((each) => [each.name, text.slice(each.start, each.end)]);
    expect(found).toEqual([
      ['__proto__', '1'],
      ['a', '2'],
      ['a', '[3]'],
      ['a', '4'],
    ]);
  });

  test('strings read as JSON.parse reads them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const text = JSON.stringify(value);
        expect(readString(text, 0, text.length)).toBe(value);
      }),
      { numRuns: runs },
    );
  });
});
