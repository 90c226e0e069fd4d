import { Command, CommanderError, Option } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import type { ExplainFlags } from '../commands/explain.ts';
import type { RunFlags } from '../commands/flags.ts';
import type { InitFlags } from '../commands/init.ts';
import type { ReportFlags } from '../commands/report.ts';
import type { StatusFlags } from '../commands/status.ts';
import type { WhyFlags } from '../commands/why.ts';
import type { Call, PrintFlags } from './call.ts';
import { also, examples, type Take, withPrintFlags } from './flags.ts';
import { named, oneOf, refusal } from './refusal.ts';

/**
 * Reads the command line. Help is printed at once and leaves an exit code instead of a call.
 *
 * A command's code is loaded when it is called, so that no start pays for another command. Throws an EtlError where the
 * command line is not understood.
 */
export async function readCall(argv: readonly string[]): Promise<Call | number> {
  let call: Call | number = 2;
  const program = programOf((command, flags, work) => {
    call = { command, flags, work };
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    throw refusal(error, program, argv);
  }
  return call;
}

function programOf(take: Take): Command {
  const program = new Command('etl')
    .description(manifest.description)
    .helpCommand(false)
    .version(manifest.version, '--version', 'print the version')
    .addHelpText('after', examples('etl run mappings/dashboard_metric.yaml', 'etl help run'))
    .configureOutput({ writeErr: () => {} })
    .exitOverride()
    .action(() => helpFor(program, program.args[0]).outputHelp());
  for (const add of [
    addRun,
    addValidate,
    addExplain,
    addWhy,
    addStatus,
    addReport,
    addVerify,
    addDiff,
    addTest,
    addInit,
    addSchema,
  ])
    add(program, take);
  program
    .command('help [command]')
    .description('explain a command')
    .action((name) => helpFor(program, name).help());
  // Said last, for commands inherit it: of the program itself an argument too many is a command that there is not.
  return program.allowExcessArguments();
}

function helpFor(program: Command, name: string | undefined): Command {
  return name === undefined ? program : named(name, program);
}

function addRun(program: Command, take: Take): void {
  withPrintFlags(program.command('run <mapping...>'))
    .description('read what is new and bring the metrics up to date')
    .option(
      '--input <path>',
      "read this instead of the source's path; NAME=PATH with several sources; - is stdin",
      also,
    )
    .option(
      '--output <place>',
      "write here instead of the sink's place: sqlite:PATH, a path, postgres://..., clickhouse://..., chdb:FOLDER",
    )
    .option('--full-refresh', 'forget the state, read everything again and write the metric anew')
    .option('--follow', 'go on when all is read, and take in what comes, until Ctrl-C or SIGTERM')
    .option('--dry-run', 'say what would be written, and write nothing')
    .option('--strict', 'fail on an update or delete of a row that was never seen')
    .option('--dead-letter <file>', 'leave a transaction out that can not be taken, append it to this file, and go on')
    .option('--batch-size <changes>', 'commit at the first end of a transaction after so many changes', '10000')
    .addHelpText(
      'after',
      examples(
        'etl run mappings/dashboard_metric.yaml',
        'etl run mappings/dashboard_metric.yaml --input wal.json.gz --output sqlite:out.db',
        'etl run mappings/*.yaml --follow',
        'pg_recvlogical ... -f - | etl run mappings/dashboard_metric.yaml --input - --follow',
      ),
    )
    .action((mappings: string[], flags: RunFlags & PrintFlags) => {
      take('run', flags, async (surroundings) => {
        const { runMappings } = await import('../commands/run.ts');
        return runMappings(mappings, flags, surroundings);
      });
    });
}

function addValidate(program: Command, take: Take): void {
  withPrintFlags(program.command('validate <mapping...>'))
    .description('check mappings without running them')
    .option('--strict', 'fail on warnings too')
    .addHelpText(
      'after',
      examples('etl validate mappings/*.yaml', 'etl validate --json mappings/dashboard_metric.yaml'),
    )
    .action((mappings: string[], flags: PrintFlags & { strict?: boolean }) => {
      take('validate', flags, async () => {
        const { validate } = await import('../commands/validate.ts');
        return validate(mappings, flags.strict === true);
      });
    });
}

function addVerify(program: Command, take: Take): void {
  withPrintFlags(program.command('verify <mapping>'))
    .description('compare the target with the metric computed anew, row for row')
    .option('--from-source', 'read the source again as well, into a scratch state')
    .option('--input <path...>', "read this instead of the source's path, with --from-source")
    .option(
      '--output <place>',
      "verify this instead of the sink's place: sqlite:PATH, a path, postgres://..., clickhouse://..., chdb:FOLDER",
    )
    .addHelpText(
      'after',
      examples('etl verify mappings/dashboard_metric.yaml', 'etl verify mappings/dashboard_metric.yaml --from-source'),
    )
    .action((mapping: string, flags: RunFlags & PrintFlags & { fromSource?: boolean }) => {
      take('verify', flags, async ({ onProgress }) => {
        const { verify } = await import('../commands/verify.ts');
        return verify(mapping, flags, { onProgress });
      });
    });
}

function addDiff(program: Command, take: Take): void {
  withPrintFlags(program.command('diff <old> <new>'))
    .description('say what a changed mapping would change: columns, rows, cells, and whether the log is read again')
    .option('--input <path>', 'compare on this log, read for both, instead of on the state', also)
    .option(
      '--output <place>',
      "compare on this state instead of that at the old mapping's sink: sqlite:PATH or a path",
    )
    .addHelpText('after', examples('etl diff before.yaml mappings/dashboard_metric.yaml'))
    .action((before: string, after: string, flags: RunFlags & PrintFlags) => {
      take('diff', flags, async ({ onProgress }) => {
        const { diff } = await import('../commands/diff.ts');
        return diff([before, after], flags, { onProgress });
      });
    });
}

function addExplain(program: Command, take: Take): void {
  const format = oneOf(['text', 'mermaid', 'dot', 'sql'], new Option('--format <format>', 'how to show it'));
  const dialect = oneOf(
    ['sqlite', 'postgres', 'clickhouse'],
    new Option('--dialect <dialect>', 'the SQL of which database'),
  );
  withPrintFlags(program.command('explain <mapping>'))
    .description('show the plan of a mapping')
    .addOption(format)
    .addOption(dialect)
    .option('--output <place>', "take types from the state here instead of at the sink's place: sqlite:PATH or a path")
    .addHelpText(
      'after',
      examples(
        'etl explain mappings/dashboard_metric.yaml',
        'etl explain mappings/dashboard_metric.yaml --format dot | dot -Tsvg > plan.svg',
        'etl explain mappings/daily_volume.yaml --format sql --dialect postgres',
      ),
    )
    .action((mapping: string, flags: PrintFlags & ExplainFlags) => {
      take('explain', flags, async () => {
        const { explain } = await import('../commands/explain.ts');
        return explain(mapping, flags);
      });
    });
}

function addWhy(program: Command, take: Take): void {
  withPrintFlags(program.command('why <mapping> [column=value...]'))
    .description('say where a row of the metric comes from, or why it is not there')
    .option('--missing [table]', 'show the rows that wait for a partner, in one join or in all')
    .option('--input <path>', 'look into this log for a row that is missing, instead of the one that was read', also)
    .option('--output <place>', "ask this state instead of that at the sink's place: sqlite:PATH or a path")
    .addHelpText(
      'after',
      examples(
        'etl why mappings/dashboard_metric.yaml event_id=0a1b2c3d',
        'etl why mappings/dashboard_metric.yaml --missing transaction',
      ),
    )
    .action((mapping: string, words: string[], flags: WhyFlags & PrintFlags) => {
      take('why', flags, async ({ onProgress }) => {
        const { explainRow } = await import('../commands/why.ts');
        return explainRow(mapping, words, flags, { onProgress });
      });
    });
}

function addStatus(program: Command, take: Take): void {
  withPrintFlags(program.command('status <mapping...>'))
    .description('say how metrics stand: what is committed, not read yet, waiting, left out')
    .option('--max-lag <lag>', 'fail when more is not read yet: records (1000), bytes (10MB), or for longer (5m)')
    .option('--input <path>', "look here for what is new, instead of the source's path", also)
    .option('--output <place>', "ask this state instead of that at the sink's place: sqlite:PATH or a path")
    .addHelpText('after', examples('etl status mappings/*.yaml', 'etl status mappings/*.yaml --max-lag 5m --quiet'))
    .action((mappings: string[], flags: StatusFlags & PrintFlags) => {
      take('status', flags, async () => {
        const { tellStatus } = await import('../commands/status.ts');
        return tellStatus(mappings, flags);
      });
    });
}

function addReport(program: Command, take: Take): void {
  withPrintFlags(program.command('report <mapping>'))
    .description('write one HTML file to look at: the plan with its counts, the columns, what waits, the runs')
    .option('-o, --to <file>', 'write it to this file, and not to METRIC.report.html')
    .option('--input <path>', "look here for what is new, instead of the source's path", also)
    .option('--output <place>', "look at this state instead of that at the sink's place: sqlite:PATH or a path")
    .addHelpText(
      'after',
      examples('etl report mappings/dashboard_metric.yaml', 'etl report mappings/daily_volume.yaml -o volume.html'),
    )
    .action((mapping: string, flags: ReportFlags & PrintFlags) => {
      take('report', flags, async () => {
        const { report } = await import('../commands/report.ts');
        return report(mapping, flags);
      });
    });
}

function addTest(program: Command, take: Take): void {
  withPrintFlags(program.command('test [mapping...]'))
    .description('run the golden tests of mappings: of all in mappings/ when none is named')
    .option('--update', 'write what comes out as what is expected')
    .option('-k <text>', 'only cases whose metric/case contains this text')
    .addHelpText('after', examples('etl test', 'etl test mappings/dashboard_metric.yaml --update'))
    .action((mappings: string[], flags: PrintFlags & { update?: boolean; k?: string }) => {
      take('test', flags, async () => {
        const { testMappings } = await import('../commands/test.ts');
        return testMappings(mappings, { update: flags.update === true, only: flags.k ?? '' });
      });
    });
}

function addInit(program: Command, take: Take): void {
  const format = oneOf(
    ['auto', 'wal2json', 'csv', 'json'],
    new Option('--format <format>', 'how the sample is written'),
  );
  withPrintFlags(program.command('init'))
    .description('write a first mapping from a sample of changes: tables, keys, joins, columns')
    .requiredOption('--from <path>', 'the sample: a file, a folder or a pattern')
    .option('-o, --to <file>', 'write the mapping to this file, and not to stdout')
    .option('--force', 'write it also where the file is there already')
    .addOption(format)
    .option('--root <table>', 'each row of the metric is a row of this table, and not of the one that reaches most')
    .option('--table <table>', 'look at this table, and others that are named so, only', also)
    .option('--metric <name>', 'what the metric is called')
    .option('--sample <changes>', 'read the first so many changes', '50000')
    .option('--yes', 'ask nothing on a terminal')
    .addHelpText(
      'after',
      examples('etl init --from data/wal.json -o mappings/events.yaml', 'etl init --from orders.csv | less'),
    )
    .action((flags: InitFlags & PrintFlags) => {
      take('init', flags, async ({ ask }) => {
        const { init } = await import('../commands/init.ts');
        return init(flags, ask);
      });
    });
}

function addSchema(program: Command, take: Take): void {
  withPrintFlags(program.command('schema'))
    .description('print the JSON Schema of a mapping, for editors')
    .addHelpText('after', examples('etl schema > mapping.schema.json'))
    .action((flags: PrintFlags) => {
      take('schema', flags, async () => {
        const { printSchema } = await import('../commands/schema.ts');
        return printSchema();
      });
    });
}
