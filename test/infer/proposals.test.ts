import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseMapping } from '../../engine/mapping/load.ts';
import { run } from '../../engine/pipeline/run.ts';
import { mappingOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';
import { proposedFor } from './infer.ts';
import { documents, tables } from './samples.ts';
import { layouts } from './shop.ts';

const [shop = ''] = Object.values(layouts);

/** What is in a file, by its name; null stands for one of the repository. */
const samples: readonly (readonly [file: string, content: string | Uint8Array | null])[] = [
  ['data/wal.json', null],
  ['data/stock.csv', null],
  ['data/products.ndjson', null],
  ['shop.json', shop],
  ...documents,
  ...tables,
];

describe('a proposal', () => {
  test.each(samples)('for %s reads as it should, has no finding, and runs', (file, content) =>
    inScratch(async (folder) => {
      const path = content === null ? file : join(folder, file);
      if (content !== null) writeFileSync(path, content);
      const [proposed] = await proposedFor(path);
      const text = (proposed?.text ?? '').replaceAll(`${folder}/`, '');
      await expect(text).toMatchFileSnapshot(`proposals/${file.replace(/.*\//, '')}.yaml`);
      expect(parseMapping(text, 'mapping.yaml')).toMatchObject({ warnings: [] });
      const { write, warnings } = await run(mappingOf(text), {
        inputs: new Map([['', path]]),
        output: join(folder, 'metrics.db'),
      });
      expect(warnings).toEqual([]);
      expect(write.rows).toBeGreaterThan(0);
    }),
  );

  test.each(Object.entries(layouts))('is the same for a log in %s', (_, content) =>
    inScratch(async (folder) => {
      const path = join(folder, 'wal.json');
      const proposedOf = async (log: string) => {
        writeFileSync(path, log);
        return (await proposedFor(path)).map(({ text }) => text);
      };
      expect(await proposedOf(content)).toEqual(await proposedOf(shop));
    }),
  );

  test.each(['v1.ndjson', 'v1_chunks.txt', 'v1_meta.ndjson', 'v2.ndjson', 'v2_meta.ndjson', 'v2_notx.ndjson'])(
    'runs for what a real wal2json wrote, with any table as the root: %s',
    (name) =>
      inScratch(async (folder) => {
        for (const { text, proposal } of await proposedFor(join('test/source/captured', name))) {
          const output = join(folder, `${proposal.root.known.table.name.replace(/\W/g, '')}.db`);
          const rejected: string[] = [];
          await run(mappingOf(text), { output, onRejected: ({ code }) => rejected.push(code) });
          // That is what wal2json itself writes wrongly.
          expect(rejected.filter((code) => !/^BARE_TYPE$|^COMMA_BEFORE_MESSAGE$/.test(code))).toEqual([]);
        }
      }),
  );
});
