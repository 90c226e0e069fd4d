import { type Diagnostic, diagnose, EtlError } from '../diagnostic/diagnostic.ts';
import { messages } from '../diagnostic/messages.ts';

/** What a command has to say. Only `cli/print.ts` prints it. */
export interface Answer {
  readonly exit: number;
  /** For people, on stdout; nothing with `--quiet`. */
  readonly text: string;
  /** For programs, under `--json`; plain data. */
  readonly result: unknown;
  /** On stderr, or within the object of `--json`. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The exit code of findings: the worst of the errors, 0 when there are only warnings. */
export function exitOf(diagnostics: readonly Diagnostic[]): number {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
  return Math.max(0, ...errors.map((diagnostic) => messages[diagnostic.code].exit));
}

/** Several answers as one: the worst exit code counts. */
export function joined(answers: readonly Answer[], result: unknown): Answer {
  return {
    exit: Math.max(0, ...answers.map((answer) => answer.exit)),
    text: answers
      .map((answer) => answer.text)
      .filter((text) => text !== '')
      .join('\n\n'),
    result,
    diagnostics: answers.flatMap((answer) => answer.diagnostics),
  };
}

/** An answer that is findings only. */
export function failed(diagnostics: readonly Diagnostic[], result: unknown = null): Answer {
  return { exit: exitOf(diagnostics), text: '', result, diagnostics };
}

/** An answer to what a command threw: its findings, or that there is a bug and where. */
export function failedBy(error: unknown, command: string): Answer {
  if (error instanceof EtlError) return failed(error.diagnostics);
  const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  const notes = stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim());
  return failed([diagnose('BUG', { command, reason: message }, { notes })]);
}
