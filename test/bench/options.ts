import { parseArgs } from 'node:util';
import { RIVALS } from './rivals.ts';

/** What is measured and how. */
export interface Options {
  /** Of the logs, in records, the smallest first. */
  readonly sizes: readonly number[];
  readonly rivals: readonly string[];
  readonly trials: readonly Trial[];
  /** How often each is run; by the size of the log where it is not said. */
  readonly rounds: number | undefined;
  /** The folder of generated logs. */
  readonly folder: string;
  readonly out: string;
  readonly clean: boolean;
  /** The command that measures the same. */
  readonly command: string;
}

export const TRIALS = ['load', 'growth', 'mappings', 'increments', 'fanout'] as const;

export type Trial = (typeof TRIALS)[number];

const OPTIONS = {
  sizes: { type: 'string', default: '1000,100000,1000000' },
  rivals: { type: 'string', default: Object.keys(RIVALS).join() },
  only: { type: 'string', default: TRIALS.join() },
  rounds: { type: 'string', default: '' },
  data: { type: 'string', default: 'test/bench/.data' },
  out: { type: 'string', default: 'BENCHMARKS.md' },
  clean: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

export const HELP = `npm run bench -- [--sizes N,N] [--rivals NAME,NAME] [--only TRIAL,TRIAL] [--rounds N] [--out FILE]

Measures the engine and others that do the same job, as whole processes in turn, checks that all have the same rows, and
writes what it found to BENCHMARKS.md. Everything takes about half an hour and 12 GB of disk.

  --sizes N,N      records of the logs (${OPTIONS.sizes.default})
  --rivals NAMES   of ${Object.keys(RIVALS).join(', ')} (all); none is none
  --only TRIALS    of ${TRIALS.join(', ')} (all)
                     load        a whole log into a fresh target, with the rivals
                     growth      the largest log, and one four times as large
                     mappings    three mappings over one log
                     increments  1,000 mixed changes on a kept state
                     fanout      one update of a row that many rows of the metric join to
  --rounds N       how often each is run (20 at 1,000 records, 5 at 100,000, 3 at 1,000,000, 2 above)
  --data FOLDER    where generated logs are kept (${OPTIONS.data.default})
  --out FILE       what is written (${OPTIONS.out.default}); - is standard output alone
  --clean          remove that folder, and do nothing else
  --help           this text
`;

/** Throws a RangeError or TypeError for what can't be understood. Null where only help is asked for. */
export function readOptions(args: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...args],
    options: OPTIONS,
  });
  if (values.help) return null;
  return {
    sizes: values.sizes
      .split(',')
      .map((text) => count('--sizes', text))
      .sort((a, b) => a - b),
    rivals: values.rivals === 'none' ? [] : named('--rivals', values.rivals, Object.keys(RIVALS)),
    trials: named('--only', values.only, TRIALS),
    rounds: values.rounds === '' ? undefined : count('--rounds', values.rounds),
    folder: values.data,
    out: values.out,
    clean: values.clean,
    command: commandOf(values),
  };
}

/** Where logs are kept and what is written makes no difference. */
function commandOf(values: Readonly<Record<string, unknown>>): string {
  const told = Object.entries(values).filter(([name]) => ['sizes', 'rivals', 'only', 'rounds'].includes(name));
  const flags = told.filter(([name, value]) => value !== OPTIONS[name as keyof typeof OPTIONS].default);
  return [
    'npm run bench',
    ...(flags.length > 0 ? ['--'] : []),
    ...flags.map(([name, value]) => `--${name} ${value}`),
  ].join(' ');
}

function count(flag: string, text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new RangeError(`${flag}: "${text}" is no whole number above 0`);
  return Number(text);
}

function named<Name extends string>(flag: string, text: string, names: readonly Name[]): readonly Name[] {
  return text.split(',').map((name) => {
    const known = names.find((each) => each === name);
    if (known === undefined) throw new RangeError(`${flag}: "${name}" is none of ${names.join(', ')}`);
    return known;
  });
}
