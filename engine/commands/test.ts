import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '../diagnostic/diagnostic.ts';
import { checkGoldens, type Verdict } from '../golden/check.ts';
import { loadMapping } from '../mapping/load.ts';
import { type Answer, exitOf, failed, joined } from './answer.ts';
import { optionsOf } from './flags.ts';
import { answerTo } from './why.ts';

const MAPPINGS = 'mappings';
const GOLDENS = join('test', 'golden');

export interface TestFlags {
  readonly update: boolean;
  /** Only goldens whose name contains this. */
  readonly only: string;
}

/** Runs the goldens of mappings; of all in `mappings/` when none is named. Exit code 4 where one differs. */
export async function testMappings(files: readonly string[], flags: TestFlags): Promise<Answer> {
  const answers: Answer[] = [];
  for (const file of files.length > 0 ? files : await allMappings()) answers.push(await testMapping(file, flags));
  const verdicts = answers.flatMap((answer) => (answer.result ?? []) as Verdict[]);
  if (verdicts.length === 0 && flags.only !== '') fail('NO_GOLDEN', { text: flags.only });
  const failures = verdicts.filter((verdict) => verdict.lines.length > 0).length;
  const answer = joined(answers, {
    goldens: verdicts.map(({ name, lines }) => ({ name, ok: lines.length === 0, lines })),
  });
  const count = `${verdicts.length - failures} passed, ${failures} failed`;
  return { ...answer, text: [...verdicts.map(verdictText), count].join('\n') };
}

async function testMapping(file: string, { update, only }: TestFlags): Promise<Answer> {
  const loaded = await loadMapping(file);
  if ('diagnostics' in loaded) return failed(loaded.diagnostics);
  const chosen = (name: string) => name.includes(only);
  const verdicts = await checkGoldens(loaded.mapping, { folder: GOLDENS, update, chosen, optionsOf, answer: answerTo });
  const differs = verdicts.some((verdict) => verdict.lines.length > 0);
  return { exit: differs ? 4 : exitOf(loaded.warnings), text: '', result: verdicts, diagnostics: loaded.warnings };
}

async function allMappings(): Promise<readonly string[]> {
  if (!existsSync(MAPPINGS)) return [];
  const files = (await readdir(MAPPINGS)).filter((file) => /\.ya?ml$/.test(file));
  return files.sort().map((file) => join(MAPPINGS, file));
}

function verdictText({ name, lines }: Verdict): string {
  return [`${lines.length === 0 ? 'ok     ' : 'differs'} ${name}`, ...lines.map((line) => `        ${line}`)].join(
    '\n',
  );
}
