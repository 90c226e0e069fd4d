import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run } from '../../engine/pipeline/run.ts';
import { type Capture, capturesAreHere, capturesOf } from '../oracle/capture.ts';
import { canonicalOfSqlite } from '../oracle/datum.ts';
import { asMultiset } from '../oracle/evaluate.ts';
import { mappingOf, rowsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';

/** Captures of version 1 in the layouts that can be read so far, by file and view, from checkpoint to checkpoint. */
function series(): ReadonlyMap<string, readonly Capture[]> {
  const readable = /^(v1\.ndjson|v1_array\.json|v1_meta\.ndjson) at .*, (.*)$/;
  const found = new Map<string, Capture[]>();
  for (const capture of capturesOf('inserts_only')) {
    const [, file, view] = readable.exec(capture.name) ?? [];
    if (file === undefined) continue;
    const name = `${file}, ${view}`;
    found.set(name, [...(found.get(name) ?? []), capture]);
  }
  return found;
}

describe.skipIf(!capturesAreHere)('captures of wal2json (skipped where ../shared has none)', () => {
  test.for([...(capturesAreHere ? series() : [])])(
    'what PostgreSQL answered comes out, at once and grown: %s',
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
          for (const database of [join(folder, `once-${n}.db`), output]) {
            const rows = rowsOf(database, parsed.metric).map((row) => row.map(canonicalOfSqlite));
            expect(asMultiset(rows)).toEqual(asMultiset(truth));
          }
        }
      });
    },
  );
});
