import { describe, expect, test } from 'vitest';
import { type Diagnostic, diagnose } from '../../engine/diagnostic/diagnostic.ts';
import { lineColumn } from '../../engine/diagnostic/excerpt.ts';
import { diagnosticJson, framed } from '../../engine/diagnostic/frame.ts';

const text = 'from: event\njoin:\n  - event.id = transacton.id\n';

/** A finding at the first place of `words` in `text`. */
function at(words: string, inText = text): Diagnostic {
  const start = inText.indexOf(words);
  const mapping = { file: 'm.yaml', text: inText, span: { start, end: start + words.length } };
  return diagnose('UNKNOWN_TABLE', { name: words }, { mapping });
}

/** The lines with the carets. */
function shown(diagnostic: Diagnostic): string[] {
  return framed(diagnostic).split('\n').slice(2);
}

describe('a printed finding', () => {
  test('shows its line, the one before it, a caret under its words, and the hint', () => {
    const diagnostic: Diagnostic = { ...at('transacton'), hint: '"transaction" is spelled almost the same' };
    expect(framed(diagnostic)).toBe(
      [
        'm.yaml:3:16: error UNKNOWN_TABLE: "transacton" is not declared under tables',
        '',
        '  2 | join:',
        '  3 |   - event.id = transacton.id',
        '    |                ^^^^^^^^^^',
        '  hint: "transaction" is spelled almost the same',
      ].join('\n'),
    );
  });

  test('about data names file and record, who asked for it, and last what is kept', () => {
    const diagnostic: Diagnostic = {
      ...at('transacton'),
      data: { file: 'wal.ndjson', record: 1042, offset: 7 },
      notes: ['in change: insert public.transaction', 'kept: nothing of this batch'],
    };
    expect(framed(diagnostic)).toBe(
      [
        'wal.ndjson:1042 (byte 7): error UNKNOWN_TABLE: "transacton" is not declared under tables',
        '  in change: insert public.transaction',
        '  asked for by m.yaml:3:16',
        '  kept: nothing of this batch',
      ].join('\n'),
    );
  });

  test('without a place is its sentence alone', () => {
    expect(framed(diagnose('UNKNOWN_TABLE', { name: 'x' }))).toBe(
      'error UNKNOWN_TABLE: "x" is not declared under tables',
    );
  });

  test('has its caret in place behind tabs and wide characters', () => {
    expect(shown(at('bad', '\ta:\tbad'))).toEqual(['  1 | \ta:\tbad', '    | \t  \t^^^']);
    expect(shown(at('bad', '表: bad'))).toEqual(['  1 | 表: bad', '    |     ^^^']);
    expect(shown(at('表', '表: bad'))).toEqual(['  1 | 表: bad', '    | ^^']);
  });

  test('of a wide line shows the part around the words', () => {
    const [line = '', caret = ''] = shown(at('bad', `${'x'.repeat(500)}bad${'y'.repeat(500)}`));
    expect(line.length).toBeLessThan(140);
    expect(line).toMatch(/^ {2}1 \| …x+bady+…$/);
    expect(line.slice(caret.indexOf('^'), caret.length)).toBe('bad');
  });

  test('of several lines is marked in its first, and one at the end of the file at that end', () => {
    expect(shown(at('a: 1\r\nb', 'a: 1\r\nb: 2'))).toEqual(['  1 | a: 1', '    | ^^^^']);
    const mapping = { file: 'm.yaml', text: 'a: [', span: { start: 4, end: 4 } };
    expect(shown(diagnose('UNKNOWN_TABLE', { name: '' }, { mapping }))).toEqual(['  1 | a: [', '    |     ^']);
  });

  test('sends no control character of its words to the terminal, nor ends the first line with them', () => {
    const printed = framed(at('\u001b[31m\nred', 'x: \u001b[31m\nred'));
    expect(printed.split('\n')[0]).toBe('m.yaml:1:4: error UNKNOWN_TABLE: "␛[31m␊red" is not declared under tables');
    expect(printed).not.toContain('\u001b');
  });

  test('has colour only when asked for it', () => {
    expect(framed(at('transacton'), { color: true })).toContain('\u001b[31merror UNKNOWN_TABLE:\u001b[39m');
  });
});

describe('a finding as JSON', () => {
  test('has line and column from 1 and an exclusive end', () => {
    expect(diagnosticJson(at('transacton'))).toEqual({
      code: 'UNKNOWN_TABLE',
      severity: 'error',
      message: '"transacton" is not declared under tables',
      file: 'm.yaml',
      line: 3,
      column: 16,
      endLine: 3,
      endColumn: 26,
      hint: null,
      notes: [],
      record: null,
      offset: null,
    });
  });

  test('about data tells the place in the data', () => {
    const json = diagnosticJson({ ...at('transacton'), data: { file: 'wal.json', record: 3, offset: 99 } });
    expect(json).toMatchObject({ file: 'wal.json', record: 3, offset: 99, line: null });
  });
});

test.each([
  [0, 1, 1],
  [11, 1, 12],
  [12, 2, 1],
  [999, 4, 1],
])('offset %i stands in line %i, column %i', (offset, line, column) => {
  expect(lineColumn(text, offset)).toEqual({ line, column });
});
