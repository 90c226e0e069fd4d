import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run } from '../../engine/pipeline/run.ts';
import { type Capture, capturesAreHere, capturesOf } from '../oracle/capture.ts';
import { canonicalOfSqlite } from '../oracle/datum.ts';
import { asMultiset } from '../oracle/evaluate.ts';
import { mappingOf, rowsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';
import { tell } from '../support/tally.ts';

/** All captures of a case by file and view, from checkpoint to checkpoint. */
function series(name: string): ReadonlyMap<string, readonly Capture[]> {
  const found = new Map<string, Capture[]>();
  for (const capture of capturesOf(name)) {
    const [, file = '', view = ''] = /^(.*?) at .*, (.*)$/.exec(capture.name) ?? [];
    const series = `${name}: ${file}, ${view}`;
    found.set(series, [...(found.get(series) ?? []), capture]);
  }
  return found;
}

const cases = capturesAreHere ? ['inserts_only', 'updates_deletes', 'toast'].flatMap((name) => [...series(name)]) : [];

describe.skipIf(!capturesAreHere)('captures of wal2json (skipped where ../shared has none)', () => {
  test.for(cases)(
    'what PostgreSQL answered comes out, at once, grown, and a transaction a batch: %s',
    async ([, captures]) => {
      await inScratch(async (folder) => {
        const grown = join(folder, 'grown.json');
        for (const [n, { mapping, log, truth }] of captures.entries()) {
          const [once, output] = [join(folder, `once-${n}.json`), join(folder, 'grown.db')];
          writeFileSync(once, log);
          writeFileSync(grown, log);
          const parsed = mappingOf(mapping);
          await run(parsed, { inputs: new Map([['', once]]), output: join(folder, `once-${n}.db`) });
          await run(parsed, { inputs: new Map([['', grown]]), output });
          await run(parsed, { inputs: new Map([['', grown]]), output: join(folder, 'single.db'), batchSize: 1 });
          for (const database of [join(folder, `once-${n}.db`), output, join(folder, 'single.db')]) {
            const rows = rowsOf(database, parsed.metric).map((row) => row.map(canonicalOfSqlite));
            expect(asMultiset(rows)).toEqual(asMultiset(truth));
          }
          tell('captures compared');
        }
      });
    },
  );
});
