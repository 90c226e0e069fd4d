import type { Answer } from '../commands/answer.ts';
import { diagnosticJson, framed } from '../diagnostic/frame.ts';

export interface PrintOptions {
  readonly quiet: boolean;
  readonly color: boolean;
}

/** The answer on stdout, findings on stderr. */
export function print(answer: Pick<Answer, 'text' | 'diagnostics'>, { quiet, color }: PrintOptions): void {
  const shown = answer.diagnostics.filter((diagnostic) => !quiet || diagnostic.severity === 'error');
  if (shown.length > 0) process.stderr.write(`${shown.map((each) => framed(each, { color })).join('\n\n')}\n`);
  if (answer.text !== '' && !quiet) process.stdout.write(`${answer.text}\n`);
}

/** Exactly one object on stdout, whatever happened. */
export function printJson(command: string, { exit, result, diagnostics }: Answer): void {
  const answer = { command, ok: exit === 0, exit, result, diagnostics: diagnostics.map(diagnosticJson) };
  process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
}
