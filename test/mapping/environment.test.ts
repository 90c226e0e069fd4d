// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of a mapping look like those of a template.
import { describe, expect, test } from 'vitest';
import { EtlError } from '../../engine/diagnostic/diagnostic.ts';
import { badVariables, expand } from '../../engine/mapping/environment.ts';

function expanded(template: string, env: Record<string, string | undefined>, text = template): string {
  return expand({ template, span: { start: 0, end: text.length } }, env, { file: 'm.yaml', text });
}

/** The message of each missing variable, and the words with the caret. */
function missing(template: string, text = template): string[] {
  try {
    expanded(template, { EMPTY: '' }, text);
    return [];
  } catch (error) {
    if (!(error instanceof EtlError)) throw error;
    return error.diagnostics.map(
      ({ code, message, mapping }) => `${code}: ${message} at ${text.slice(mapping?.span.start, mapping?.span.end)}`,
    );
  }
}

describe('a template', () => {
  test.each([
    ['data/wal.json', 'data/wal.json'],
    ['${DIR}/wal.json', 'here/wal.json'],
    ['${NONE:-data}/${DIR}', 'data/here'],
    ['${EMPTY:-data}', 'data'],
    ['${EMPTY}', ''],
    ['${NONE:-}', ''],
    ['${DIR:?where}', 'here'],
    ['$$DIR $${DIR} $$$$', '$DIR ${DIR} $$'],
    ['${WITH_VARIABLE}', '${DIR} $$'],
    ['${NONE:-a:-b?}', 'a:-b?'],
  ])('%s is %s', (template, text) => {
    expect(expanded(template, { DIR: 'here', EMPTY: '', WITH_VARIABLE: '${DIR} $$' })).toBe(text);
  });

  test('tells all variables that are not set, with the message that is there for it', () => {
    expect(missing('${A}/${EMPTY:?say where}')).toEqual([
      'MISSING_VARIABLE: the variable "A" is not set at ${A}',
      'MISSING_VARIABLE: the variable "EMPTY" is not set: say where at ${EMPTY:?say where}',
    ]);
  });

  test('points at the whole where escapes hide the variable', () => {
    expect(missing('${A}', '"\\u0024{A}"')).toEqual(['MISSING_VARIABLE: the variable "A" is not set at "\\u0024{A}"']);
  });

  test('knows no variable that only a prototype has', () => {
    expect(missing('${constructor}${toString}')).toHaveLength(2);
  });
});

test.each([
  ['${A-b}', ['${A-b}']],
  ['${}', ['${}']],
  ['${1A}', ['${1A}']],
  ['a/$HOME/b', ['$HOME']],
  ['${A', ['${A']],
  ['10$', ['$']],
  ['${A:=x} and ${B}', ['${A:=x}']],
  ['$$ ${A} ${A:-} ${A:?}', []],
])('in %s no variable is %j', (template, bad) => {
  expect(badVariables(template).map((each) => each.text)).toEqual(bad);
});
