import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { optionsOf } from '../../engine/commands/flags.ts';
import { answerTo } from '../../engine/commands/why.ts';
import { checkGoldens } from '../../engine/golden/check.ts';
import { loadMapping } from '../../engine/mapping/load.ts';

const mappings = readdirSync('mappings').map((file) => join('mappings', file));

test.for(mappings)('%s gives what its goldens say', async (file) => {
  const loaded = await loadMapping(file);
  if ('diagnostics' in loaded) throw new Error(`${file} has findings`);
  const options = { folder: join('test', 'golden'), update: false, chosen: () => true, optionsOf, answer: answerTo };
  const verdicts = await checkGoldens(loaded.mapping, options);
  expect(verdicts.length).toBeGreaterThan(2);
  expect(verdicts.flatMap(({ name, lines }) => lines.map((line) => `${name}: ${line}`))).toEqual([]);
});

test('a metric without a golden case is told that it has none', async () => {
  const loaded = await loadMapping('mappings/dashboard_metric.yaml');
  if ('diagnostics' in loaded) throw new Error('the mapping has findings');
  const options = { folder: join('test', 'golden', 'nowhere'), update: false, chosen: () => true, optionsOf, answer: answerTo };
  const [verdict] = await checkGoldens(loaded.mapping, options);
  expect(verdict?.lines.join()).toContain('no case');
});
