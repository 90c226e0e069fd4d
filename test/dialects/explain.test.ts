/** What `explain` prints for a database, run there as it stands. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadMapping } from '../../engine/mapping/load.ts';
import { compile } from '../../engine/plan/compile.ts';
import { explainPlan } from '../../engine/sql/explain.ts';
import type { Contender } from './contender.ts';
import { contenders } from './contenders.ts';

const mappings = readdirSync('mappings').map((file) => join('mappings', file));

describe.each(contenders)('$name takes what explain prints', ({ open, absence }) => {
  let other: Contender | null = null;

  beforeAll(async () => {
    other = await open();
  });

  afterAll(async () => {
    await other?.stop();
  });

  test.for(mappings)('of %s, types unknown', async (file, { skip }) => {
    if (!other) return skip(absence);
    const { run, rows, alone, dialect } = other;
    const loaded = await loadMapping(file);
    if ('diagnostics' in loaded) throw new Error(`${file} has findings`);
    const text = explainPlan(compile(loaded.mapping), 'sql', { dialect: dialect.name });
    const statements = text.split('\n\n');
    await alone(async () => {
      await run(statements.slice(0, -1));
      // Nothing is there yet.
      expect(await rows(statements.at(-1)?.replace(/;$/, '') ?? '')).toEqual([]);
    });
  });
});
