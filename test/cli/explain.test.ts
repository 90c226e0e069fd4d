/** A plan in its four formats, each taken by what is made to read it. */
import { spawnSync } from 'node:child_process';
import { readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import createDOMPurify from 'dompurify';
import mermaid from 'mermaid';
import { describe, expect, test } from 'vitest';
import { isFull } from '../support/counts.ts';
import { onBench, ROOT } from './etl.ts';
import { log, mapping } from './payments.ts';

/** A mapping names others by the working directory. */
const mappings = readdirSync('mappings').map((file) => join('mappings', file));

/** Names with signs that dot, Mermaid and SQL take for their own. */
const odd = `metric: odd
source: { format: wal2json, path: wal.json }
tables:
  a: { table: 'say "hi" <b>', key: 'x"; DROP TABLE a; --' }
  b: { table: 'end', key: 'end' }
from: a
join:
  - left: a."x""; DROP TABLE a; --" = b.end
columns:
  - name: 'back\\slash | {pipe} #35; ]'
    expr: a."x""; DROP TABLE a; --" || '</br>"'
sink: { sqlite: metrics.db }
`;

async function explained(format: string): Promise<readonly string[]> {
  return onBench({ 'odd.yaml': odd }, async ({ folder, etl }) => {
    symlinkSync(join(ROOT, 'mappings'), join(folder, 'mappings'));
    const calls = ['odd.yaml', ...mappings].map((file) => etl(['explain', file, '--format', format]));
    return (await Promise.all(calls)).map(({ exit, stdout, stderr }) => {
      expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
      return stdout;
    });
  });
}

describe.concurrent('etl explain', () => {
  test('shows the plan as text where nothing else is said', () =>
    onBench({}, async ({ etl }) => {
      const file = join(ROOT, 'mappings', 'dashboard_metric.yaml');
      const { stdout } = await etl(['explain', file]);
      expect(stdout).toContain('dashboard_metric');
      expect(await etl(['explain', file, '--format', 'text'])).toEqual({ exit: 0, stdout, stderr: '' });
    }));

  test('as dot is drawn by graphviz', async ({ skip }) => {
    if (spawnSync('dot', ['-V']).error && !isFull) skip('graphviz is not installed');
    for (const text of await explained('dot')) {
      const drawn = spawnSync('dot', ['-Tsvg'], { input: text, encoding: 'utf8' });
      expect({ status: drawn.status, stderr: drawn.stderr }).toEqual({ status: 0, stderr: '' });
      expect(drawn.stdout).toContain('</svg>');
    }
  });

  test("as mermaid is accepted by mermaid's own parser", async () => {
    // Its parser cleans texts by what only a browser has; what is cleaned is another's matter.
    Object.assign(createDOMPurify, { addHook: () => {}, sanitize: (text: string) => text });
    await expect(mermaid.parse('flowchart LR\n  a["')).rejects.toThrow();
    for (const text of await explained('mermaid')) {
      expect(await mermaid.parse(text)).toMatchObject({ diagramType: 'flowchart-v2' });
    }
  });

  test('as SQL of another database declares what the mapping says of types, and what the log said once it was read', () =>
    onBench({ 'payments.yaml': mapping, 'wal.json': log }, async ({ etl }) => {
      const explain = ['explain', 'payments.yaml', '--format', 'sql', '--dialect', 'postgres'];
      expect((await etl(explain)).stdout).toContain('"amount" jsonb');
      await etl(['run', 'payments.yaml']);
      expect((await etl(explain)).stdout).toContain('"amount" bigint');
      const elsewhere = await etl([...explain, '--output', 'sqlite:other.db']);
      expect(elsewhere.stdout).toContain('"amount" jsonb');
    }));

  test('as SQL is one statement that SQLite would prepare', async () => {
    const db = new Sqlite(':memory:');
    for (const text of await explained('sql')) {
      // That a table or a function is missing is found behind the syntax.
      expect(() => db.prepare(text)).toThrow(/^no such table: /);
    }
  });
});
