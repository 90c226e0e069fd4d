/** The Dockerfile as its instructions, so far as ours has them: no heredocs, no flags but `--from`. */
import { readFileSync } from 'node:fs';

export interface Instruction {
  readonly word: string;
  readonly text: string;
}

export interface Copy {
  /** The stage that files are taken from; null for the project. */
  readonly from: string | null;
  readonly sources: readonly string[];
  readonly target: string;
}

/** The instructions of each stage, in order. */
export function readStages(path: string): readonly (readonly Instruction[])[] {
  const stages: Instruction[][] = [];
  for (const { word, text } of instructionsIn(readFileSync(path, 'utf8'))) {
    if (word === 'FROM') stages.push([]);
    stages.at(-1)?.push({ word, text });
  }
  return stages;
}

function instructionsIn(text: string): readonly Instruction[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [, word = '', rest = ''] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
    return { word, text: rest };
  });
}

export function copiesOf(stage: readonly Instruction[]): readonly Copy[] {
  return textsOf(stage, 'COPY').map((text) => {
    const words = text.split(' ');
    const from = words[0]?.startsWith('--from=') ? (words.shift() ?? '').slice('--from='.length) : null;
    return { from, sources: words.slice(0, -1), target: words.at(-1) ?? '' };
  });
}

/** What RUN runs, a command each. */
export function commandsOf(stage: readonly Instruction[]): readonly string[] {
  return textsOf(stage, 'RUN').flatMap((text) => text.split(' && '));
}

function textsOf(stage: readonly Instruction[], word: string): readonly string[] {
  return stage.filter((each) => each.word === word).map(({ text }) => text);
}
