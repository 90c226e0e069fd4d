import type { Command, CommanderError, Option } from 'commander';
import { diagnose, EtlError, fail } from '../diagnostic/diagnostic.ts';
import { hints } from '../diagnostic/messages.ts';
import { nearest, suggestion } from '../diagnostic/suggest.ts';

/** The command that a call names, whether there is such a command or not. */
export function commandIn(argv: readonly string[]): string {
  return argv.find((word) => !word.startsWith('-')) ?? '';
}

/**
 * What commander refuses, as a finding in our words. Its sentences are read for the words in quotes and the numbers,
 * which its errors do not hold apart.
 */
export function refusal({ code, message }: CommanderError, program: Command, argv: readonly string[]): EtlError {
  const name = commandIn(argv);
  const command = name === '' ? program : named(name, program);
  const of = command === program ? 'etl' : `etl ${command.name()}`;
  const word = /'([^']*)'/.exec(message)?.[1] ?? '';
  const usage = { hint: hints.usage(`${of} ${command.usage()}`) };
  switch (code) {
    case 'commander.unknownOption':
      return new EtlError([diagnose('UNKNOWN_FLAG', { name: word, of }, { hint: nearFlag(word, command) })]);
    case 'commander.missingArgument':
    case 'commander.missingMandatoryOptionValue':
      return new EtlError([diagnose('MISSING_ARGUMENT', { of, name: word }, usage)]);
    case 'commander.optionMissingArgument':
      return new EtlError([diagnose('FLAG_WITHOUT_VALUE', { flag: word.replace(/ .*/, '') })]);
    case 'commander.excessArguments': {
      const [expected = 0, actual = 0] = [...message.matchAll(/\d+/g)].map(Number);
      return new EtlError([diagnose('TOO_MANY_ARGUMENTS', { of, expected, actual }, usage)]);
    }
    default:
      throw new Error(`commander refuses a call in a way of its own: ${code}: ${message}`);
  }
}

function nearFlag(name: string, { options }: Command): string | undefined {
  const near = nearest(
    name,
    options.flatMap((option) => option.long ?? []),
  );
  return near === undefined ? undefined : hints.near(near);
}

/** The command of that name. Throws an EtlError where there is none. */
export function named(name: string, { commands }: Command): Command {
  const hint = suggestion(
    name,
    commands.map((command) => command.name()),
  );
  return commands.find((command) => command.name() === name) ?? fail('UNKNOWN_COMMAND', { name }, { hint });
}

/** A flag that takes one of these words, the first where none is said. */
export function oneOf(words: readonly [string, ...string[]], option: Option): Option {
  const expected = `${words.slice(0, -1).join(', ')}${words.length > 1 ? ' or ' : ''}${words.at(-1)}`;
  return option
    .choices(words)
    .default(words[0])
    .argParser((value) => {
      if (!words.includes(value)) fail('BAD_FLAG', { flag: option.long ?? '', expected, value });
      return value;
    });
}
