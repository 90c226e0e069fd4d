import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Diagnostic, EtlError } from '../../engine/diagnostic/diagnostic.ts';
import { framed } from '../../engine/diagnostic/frame.ts';
import { type Code, messages } from '../../engine/diagnostic/messages.ts';
import { loadMapping } from '../../engine/mapping/load.ts';
import { inScratch } from '../support/scratch.ts';
import { circumstances } from './circumstances.ts';
import { FOLDER, openTrial, runAll } from './trial.ts';

/** Codes about a file that can't be read: the pair's mapping says which one is asked for in its place. */
const ASKED_FOR: Partial<Record<Code, string>> = {
  MAPPING_NOT_FOUND: `${FOLDER}/no-such-mapping.yaml`,
  MAPPING_IS_FOLDER: FOLDER,
  MAPPING_NOT_READABLE: `${FOLDER}/${'long-name-'.repeat(30)}.yaml`,
};

const codes = Object.keys(messages) as Code[];

describe.each(codes)('%s', (code) => {
  test('has a pair: a mapping, and what is printed about it', () => {
    expect(existsSync(`${FOLDER}/${code}.yaml`), `${FOLDER}/${code}.yaml`).toBe(true);
    expect(existsSync(`${FOLDER}/${code}.txt`), `${FOLDER}/${code}.txt`).toBe(true);
  });

  test('is what its mapping leads to, and nothing else', async () => {
    await inScratch(async (scratch) => {
      const diagnostics = await diagnosticsOf(code, scratch);
      expect(diagnostics.map((each) => each.code)).toEqual([code]);
      await expect(printed(diagnostics, scratch)).toMatchFileSnapshot(`${code}.txt`);
    });
  });
});

test('each file here belongs to a code', () => {
  const pairs = readdirSync(FOLDER).filter((file) => !file.endsWith('.ts'));
  expect(pairs.filter((file) => !(file.replace(/\..*/, '') in messages))).toEqual([]);
});

/** All findings about the pair's mapping: those of the mapping itself, else those of running it. */
async function diagnosticsOf(code: Code, scratch: string): Promise<readonly Diagnostic[]> {
  const loaded = await loadMapping(ASKED_FOR[code] ?? `${FOLDER}/${code}.yaml`);
  if (!('mapping' in loaded)) return loaded.diagnostics;
  if (loaded.warnings.length > 0) return loaded.warnings;
  const bringAbout = circumstances[code] ?? runAll;
  try {
    return await bringAbout(openTrial(code, loaded.mapping, scratch));
  } catch (error) {
    if (error instanceof EtlError) return error.diagnostics;
    throw error;
  }
}

/** What is printed, without what no two machines have in common: the scratch folder, and where in the code a bug is. */
function printed(diagnostics: readonly Diagnostic[], scratch: string): string {
  const text = diagnostics.map((each) => `${framed(each)}\n`).join('\n');
  return text.replaceAll(`${scratch}/`, '').replace(/(?:\n {2}at .*)+/g, '\n  at ...');
}
