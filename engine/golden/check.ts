import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EtlError } from '../diagnostic/diagnostic.ts';
import { framed } from '../diagnostic/frame.ts';
import type { Mapping } from '../mapping/mapping.ts';
import type { RunOptions } from '../pipeline/options.ts';
import { compile } from '../plan/compile.ts';
import { explainPlan } from '../sql/explain.ts';
import { type Ask, checkAnswers } from './answers.ts';
import { type Case, findCases } from './case.ts';
import { compareLines, compareRows } from './compare.ts';
import { runWays } from './ways.ts';

/** How one golden fared: what differs, in lines for people; none where all is as expected. */
export interface Verdict {
  readonly name: string;
  readonly lines: readonly string[];
}

export interface GoldenOptions {
  /** Holds a folder for each metric. */
  readonly folder: string;
  /** Take what comes out as what is expected. */
  readonly update: boolean;
  readonly chosen: (name: string) => boolean;
  /** What the flags of a case's `args` mean. */
  readonly optionsOf: (args: readonly string[]) => RunOptions;
  /** What a question of a case's `why.txt` is answered. */
  readonly answer: (mapping: Mapping, question: string, options: RunOptions) => Promise<string>;
}

/** Holds a mapping against its goldens: its plan as text and SQL, and each of its cases. One without a case fails. */
export async function checkGoldens(mapping: Mapping, options: GoldenOptions): Promise<readonly Verdict[]> {
  const folder = join(options.folder, mapping.metric);
  const cases = await findCases(mapping.metric, folder);
  if (cases.length === 0)
    return [{ name: mapping.metric, lines: [`no case: ${folder}/<case>/input.json or args is missing`] }];
  const checks = [
    {
      name: `${mapping.metric}/plan.txt`,
      check: () => checkPlan(mapping, 'text', join(folder, 'plan.txt'), options.update),
    },
    {
      name: `${mapping.metric}/plan.sql`,
      check: () => checkPlan(mapping, 'sql', join(folder, 'plan.sql'), options.update),
    },
    ...cases.map((golden) => ({ name: golden.name, check: () => checkCase(mapping, golden, options) })),
  ];
  const verdicts: Verdict[] = [];
  for (const { name, check } of checks) {
    if (options.chosen(name)) verdicts.push({ name, lines: await check() });
  }
  return verdicts;
}

async function checkPlan(
  mapping: Mapping,
  format: 'text' | 'sql',
  file: string,
  update: boolean,
): Promise<readonly string[]> {
  const lines = explainPlan(compile(mapping), format).split('\n');
  const expected = await expectedLines(file, lines, update);
  return [...missingFile(file), ...compareLines(expected, lines)];
}

async function checkCase(mapping: Mapping, golden: Case, options: GoldenOptions): Promise<readonly string[]> {
  try {
    const flags = options.optionsOf(golden.args);
    const inputs = flags.inputs?.size ? flags.inputs : golden.inputs;
    if (inputs.size === 0) return ['no input: a case holds input.<ext> or input/<source>.<ext>, or names one in args'];
    const answers: string[] = [];
    const ask: Ask = (question, output) => options.answer(mapping, question, { ...flags, inputs: new Map(), output });
    const [once, ...others] = await runWays(mapping, inputs, flags, async (database) => {
      answers.push(...(await checkAnswers(golden.folder, database, { ask, update: options.update })));
    });
    const rows = once?.rows ?? [];
    const file = join(golden.folder, 'expected.jsonl');
    const expected = await expectedLines(file, rows, options.update);
    return [
      ...missingFile(file),
      ...compareRows(expected, rows),
      ...others.flatMap(({ way, rows: came }) => compareRows(rows, came).map((line) => `${way}: ${line}`)),
      ...answers,
    ];
  } catch (error) {
    if (error instanceof EtlError) return error.diagnostics.flatMap((each) => framed(each).split('\n'));
    throw error;
  }
}

function missingFile(file: string): readonly string[] {
  return existsSync(file) ? [] : [`${file} is missing: --update writes it`];
}

async function expectedLines(file: string, actual: readonly string[], update: boolean): Promise<readonly string[]> {
  if (update) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, actual.map((line) => `${line}\n`).join(''));
  }
  if (!existsSync(file)) return [];
  const lines = (await readFile(file, 'utf8')).split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
