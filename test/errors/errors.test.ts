import { existsSync, readdirSync } from 'node:fs';
import { parse } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Diagnostic, EtlError } from '../../engine/diagnostic/diagnostic.ts';
import { framed } from '../../engine/diagnostic/frame.ts';
import { type Code, messages } from '../../engine/diagnostic/messages.ts';
import { expand } from '../../engine/mapping/environment.ts';
import { loadMapping } from '../../engine/mapping/load.ts';
import type { Mapping } from '../../engine/mapping/mapping.ts';

/** Relative, as a user would write it: the path is part of what is printed. */
const FOLDER = 'test/errors';

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
    const diagnostics = await diagnosticsOf(code);
    expect(diagnostics.map((each) => each.code)).toEqual([code]);
    const printed = diagnostics.map((each) => `${framed(each)}\n`).join('\n');
    await expect(printed).toMatchFileSnapshot(`${code}.txt`);
  });
});

test('each file here belongs to a code', () => {
  const names = readdirSync(FOLDER).filter((file) => !file.endsWith('.test.ts'));
  expect(names.filter((file) => !(parse(file).name in messages))).toEqual([]);
});

/** All findings about the pair's mapping: those of the mapping itself, else those of its use. */
async function diagnosticsOf(code: Code): Promise<readonly Diagnostic[]> {
  const loaded = await loadMapping(ASKED_FOR[code] ?? `${FOLDER}/${code}.yaml`);
  if (!('mapping' in loaded)) return loaded.diagnostics;
  return loaded.warnings.length > 0 ? loaded.warnings : findingsOf(() => use(loaded.mapping));
}

/** What a mapping is for, with an environment in which no variable is set. */
function use(mapping: Mapping): void {
  for (const template of [...mapping.sources.map((source) => source.path), mapping.sink.where]) {
    expand(template, {}, mapping);
  }
}

function findingsOf(action: () => void): readonly Diagnostic[] {
  try {
    action();
    return [];
  } catch (error) {
    if (error instanceof EtlError) return error.diagnostics;
    throw error;
  }
}
