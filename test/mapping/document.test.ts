// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of a mapping look like those of a template.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { hints } from '../../engine/diagnostic/messages.ts';
import { readDocument } from '../../engine/mapping/document.ts';
import { type Node, plain, pointed, type ScalarNode } from '../../engine/mapping/node.ts';
import { offsetsOf } from '../../engine/mapping/offsets.ts';
import { openReport } from '../../engine/mapping/report.ts';

/** The document, and its findings as `CODE hint`. */
function read(text: string): { root: Node | null; findings: string[] } {
  const report = openReport('m.yaml', text);
  const root = readDocument(report);
  return { root, findings: report.findings().map((each) => `${each.code} ${each.hint ?? ''}`.trim()) };
}

describe("YAML's own traps have a hint", () => {
  test.each([
    ['source: { path: ${WAL:-x} }', hints.flowVariable],
    ['columns:\n  - "odd name".x', hints.leadingQuote],
    ["columns:\n  - { name: x, expr: 'a' || b.c }", hints.leadingQuote],
    ['columns:\n  - { name: x, expr: a.b[0] }', hints.flowBrackets],
    ["columns:\n  - { name: x, expr: coalesce(a.b, 'x') }", hints.flowComma],
    ['columns:\n  - @a.b', hints.leadingSign('@')],
    ['columns:\n  - %a', hints.leadingSign('%')],
    ['columns:\n  - *a', hints.leadingSign('*')],
    ['columns:\n  - &a', hints.leadingSign('&')],
    ['columns:\n  - !a b', hints.leadingSign('!')],
    ["where: a.b = 'x: y'", hints.innerColon],
    ['tables:\n\ta: b', hints.tabs],
    ['metric:x\nfrom: a', hints.colonBlank],
  ])('%j', (text, hint) => {
    expect(read(text)).toEqual({ root: null, findings: [`NOT_YAML ${hint}`] });
  });
});

describe('what is not one YAML map is one finding', () => {
  test.each([
    ['', 'EMPTY_MAPPING'],
    ['# nothing\n', 'EMPTY_MAPPING'],
    ['- a', 'NOT_A_MAP'],
    ['text', 'NOT_A_MAP'],
    ['a: 1\n---\nb: 2', 'SEVERAL_DOCUMENTS'],
    ['a: [b', 'NOT_YAML'],
    ['a: "b', 'NOT_YAML'],
    ['a: b\n c: d', 'NOT_YAML'],
    ['? [a]\n: b', 'NOT_YAML'],
    ['a: &x [*x]', 'NOT_YAML'],
    ['a: "\\z"', 'NOT_YAML'],
    ['a: !!binary aGk=', 'NOT_YAML'],
  ])('%j', (text, code) => {
    const { root, findings } = read(text);
    expect(root).toBeNull();
    expect(findings.map((finding) => finding.split(' ')[0])).toEqual([code]);
  });

  test('a nest without end', () => {
    expect(read(`a: ${'['.repeat(20_000)}`).findings).toEqual(['NOT_YAML']);
  });

  test('aliases that unfold without end, or nearly', () => {
    const levels = Array.from(
      { length: 12 },
      (_, n) => `l${n + 1}: &l${n + 1} [${Array(9).fill(`*l${n}`).join(', ')}]`,
    );
    const { root, findings } = read(['l0: &l0 x', ...levels].join('\n'));
    expect(root).toBeNull();
    expect(findings).toEqual(['NOT_YAML']);
  });
});

describe('a document', () => {
  test('keeps the first of two equal keys, and every other value', () => {
    const { root, findings } = read('a: 1\nb: {c: x, c: y}\na: 2');
    expect(findings).toEqual(['DUPLICATE_KEY', 'DUPLICATE_KEY']);
    expect(root && plain(root)).toEqual({ a: 1, b: { c: 'x' } });
  });

  test('takes no for a text, and keys for texts', () => {
    const { root } = read('a: [no, off, true, 0x1F, 1.10, ~, 2024-01-01]\n1: x\ntrue: y');
    expect(root && plain(root)).toEqual({ a: ['no', 'off', true, 31, 1.1, null, '2024-01-01'], 1: 'x', true: 'y' });
  });

  test('has names of prototypes as any other', () => {
    const { root } = read('__proto__: { polluted: 1 }\nconstructor: 2');
    expect(root && Object.keys(plain(root) as object)).toEqual(['__proto__', 'constructor']);
    expect({}).not.toHaveProperty('polluted');
  });

  test('leads from a JSON pointer to a node and its key', () => {
    const text = 'a/b:\n  - x\n  - { "c~d": y }\n';
    const { root } = read(text);
    const at = root && pointed(root, '/a~1b/1/c~0d');
    expect(at).toMatchObject({ key: 'c~d', item: false, node: { kind: 'text', text: 'y' } });
    expect(at && text.slice(at.span.start, at.span.end)).toBe('"c~d"');
    expect(root && pointed(root, '/a~1b/0')).toMatchObject({ key: 'a/b', item: true, node: { text: 'x' } });
  });
});

describe('from the text of a scalar to the file', () => {
  test.each([
    ['plain', 'a: event.x = b.y', 'b.y'],
    ['plain over lines', 'a: event.x\n   = b.y', 'b.y'],
    ['in single quotes', "a: 'event.x = ''it'' || b.y'", 'b.y'],
    ['in double quotes', 'a: "event.\\u0078 = \\"q\\"\\n\\x41 || b.y"', 'b.y'],
    ['with an escape of two units', 'a: "\\U0001F600 + b.y"', 'b.y'],
    ['literal', 'a: |- # why\n  event.x\n     = 1\n\n  + b.y\n', 'b.y'],
    ['folded', 'a: >\n  event.x\n  = 1\n\n  + b.y\n', 'b.y'],
    ['tagged', 'a: !!str event.x = b.y', 'b.y'],
  ])('%s', (_, text, words) => {
    const { root } = read(text);
    const scalar = (root && pointed(root, '/a').node) as ScalarNode;
    const at = offsetsOf(scalar);
    const start = scalar.text.indexOf(words);
    expect(text.slice(at(start), at(start + words.length))).toBe(words);
    expect(at(0)).toBeGreaterThanOrEqual(scalar.span.start);
    expect(at(scalar.text.length + 5)).toBeLessThanOrEqual(scalar.span.end);
  });

  test('is exact for every character that is not blank, in whichever style', () => {
    const character = fc.constantFrom(...'ab."\':# \n\\-é😀');
    const style = fc.constantFrom('PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED');
    fc.assert(
      fc.property(
        fc.string({ unit: character, minLength: 1 }),
        style,
        fc.integer({ min: 20, max: 60 }),
        (value, as, lineWidth) => {
          const text = stringify({ key: { a: value } }, { defaultStringType: as, lineWidth } as object);
          const { root } = read(text);
          const scalar = (root && pointed(root, '/key/a').node) as ScalarNode;
          const at = offsetsOf(scalar);
          // The package writes some texts of blanks alone so that they come back as another.
          fc.pre(scalar.text === value);
          for (const [offset, unit] of value.split('').entries()) {
            if (!/[\s"'\\]/.test(unit)) expect(text[at(offset)], JSON.stringify(text)).toBe(unit);
          }
        },
      ),
      { numRuns: process.env.ETL_TEST === 'full' ? 20_000 : 500 },
    );
  });
});
