import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const DOCUMENTS = ['README.md', 'engine/ARCHITECTURE.md', 'test/README.md', 'deploy/README.md'];

/** The cells of a table's rows, by the words of its head. */
function rowsUnder(text: string, head: string): readonly (readonly string[])[] {
  const lines = text.slice(text.indexOf(head)).split('\n').slice(2);
  const rows = lines.slice(
    0,
    lines.findIndex((line) => !line.startsWith('|')),
  );
  return rows.map((row) => row.split(/(?<!\\)\|/).slice(1, -1));
}

function testsNamedIn(text: string): readonly string[] {
  return [...text.matchAll(/`(test\/[^`*<]+?)`/g)].map(([, path = '']) => path);
}

test.each(DOCUMENTS)('every test that %s names is there', (document) => {
  const named = testsNamedIn(readFileSync(document, 'utf8'));
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((path) => !existsSync(path) && !path.includes('my_metric'))).toEqual([]);
});

describe('a promise', () => {
  const rows = rowsUnder(readFileSync('README.md', 'utf8'), '| promise | held by |');

  test.each(rows)('is held by a test: %s', (_, heldBy = '') => {
    expect(testsNamedIn(heldBy).length > 0 || heldBy.includes('see below')).toBe(true);
  });
});

test('every law has a test that bears its number', () => {
  const laws = rowsUnder(readFileSync('engine/ARCHITECTURE.md', 'utf8'), '| | law | held by |');
  expect(laws.length).toBeGreaterThan(6);
  for (const [number = '', , heldBy = ''] of laws) {
    const texts = testsNamedIn(heldBy).flatMap(textsOf).join('\n');
    expect(texts, `law ${number}`).toContain(`law ${number.trim()}: `);
  }
});

function textsOf(path: string): readonly string[] {
  if (!path.endsWith('/')) return [readFileSync(path, 'utf8')];
  return readdirSync(path)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(path + name, 'utf8'));
}
