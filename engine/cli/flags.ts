import type { Command } from 'commander';
import type { Call, PrintFlags } from './call.ts';

/** Is handed a call that was understood. */
export type Take = (command: string, flags: PrintFlags, work: Call['work']) => void;

/** The flags of every command. */
export function withPrintFlags(command: Command): Command {
  return command
    .option('--json', 'print one JSON object and nothing else')
    .option('--quiet', 'print errors only')
    .option('--no-color', 'print no colour');
}

/** Calls of a command, as its help ends with them. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

/** A flag that may stand several times. One with several values would take the mapping behind them for one more. */
export function also(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
