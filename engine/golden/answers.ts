import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compareLines } from './compare.ts';

/** Answers a question about a metric whose state is in a file. */
export type Ask = (question: string, database: string) => Promise<string>;

/** A question of `why.txt` stands behind a dollar sign, its answer below it, up to the next one. */
const QUESTION = /^\$ etl why (.*)$/;

/**
 * Holds the answers of a case's `why.txt`, if it has one, against what is answered now; with `update` they are written
 * anew. What differs, in lines for people.
 */
export async function checkAnswers(
  folder: string,
  database: string,
  { ask, update }: { readonly ask: Ask; readonly update: boolean },
): Promise<readonly string[]> {
  const file = join(folder, 'why.txt');
  if (!existsSync(file)) return [];
  const expected = (await readFile(file, 'utf8')).trimEnd().split('\n');
  const questions = expected.flatMap((line) => QUESTION.exec(line)?.slice(1) ?? []);
  if (questions.length === 0) return [`${file} asks nothing: a question is a line such as "$ etl why column=value"`];
  const answers: string[] = [];
  for (const question of questions) answers.push(`$ etl why ${question}\n${await ask(question, database)}\n`);
  const text = answers.join('\n');
  if (update) await writeFile(file, text);
  const lines = compareLines(update ? text.trimEnd().split('\n') : expected, text.trimEnd().split('\n'));
  return lines.map((line) => `why.txt: ${line}`);
}
