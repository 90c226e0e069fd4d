import { type Answer, failedBy } from '../commands/answer.ts';
import { askOn } from './ask.ts';
import type { Call, Surroundings } from './call.ts';
import { type PrintOptions, print, printJson } from './print.ts';
import { readCall } from './program.ts';
import { progressOn } from './progress.ts';
import { commandIn } from './refusal.ts';
import { interrupts } from './signal.ts';

/** Runs one call of the command line and gives its exit code. Whatever happens is printed; nothing is thrown. */
export async function main(argv: readonly string[]): Promise<number> {
  process.stdout.on('error', ignoreClosedPipe);
  const call = await readOrRefuse(argv);
  if (typeof call === 'number') return call;
  const interrupt = interrupts();
  const answer = await work(call, interrupt.abort);
  const exit = interrupt.exit() ?? answer.exit;
  if (call.flags.json) printJson(call.command, { ...answer, exit });
  else print(answer, printing(call));
  return exit;
}

/** A call that is not understood is a call all the same, so that it too is printed as `--json` asks. */
async function readOrRefuse(argv: readonly string[]): Promise<Call | number> {
  try {
    return await readCall(argv);
  } catch (error) {
    const flags = { json: argv.includes('--json'), color: !argv.includes('--no-color') };
    const command = commandIn(argv);
    return { command, flags, work: async () => failedBy(error, command) };
  }
}

async function work(call: Call, signal: AbortSignal): Promise<Answer> {
  const silent = call.flags.json === true || call.flags.quiet === true;
  const progress = silent ? null : progressOn(process.stderr);
  const asking = silent ? null : askOn(process.stdin, process.stderr, signal);
  const tell: Surroundings['tell'] = (part) => {
    progress?.stop();
    print(part, printing(call));
  };
  try {
    const onProgress: Surroundings['onProgress'] = (how) => progress?.update(how);
    return await call.work({ signal, onProgress, tell: call.flags.json ? null : tell, ask: asking?.ask ?? null });
  } catch (error) {
    return failedBy(error, call.command);
  } finally {
    progress?.stop();
    asking?.close();
  }
}

function printing({ flags }: Call): PrintOptions {
  const color = flags.color !== false && process.stderr.isTTY && !process.env.NO_COLOR;
  return { quiet: flags.quiet === true, color };
}

/** `etl explain ... | head` closes the pipe early, which is no failure. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
