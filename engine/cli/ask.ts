import type { Interface } from 'node:readline';
import type { Ask } from '../commands/choose.ts';

/** Somebody at a terminal. It is to be closed, or the process waits for more. */
export interface Asking {
  readonly ask: Ask;
  readonly close: () => void;
}

/**
 * Asks on a terminal; null where there is none. What reads lines is loaded by the first question. Lines that are typed
 * ahead are answers to what comes. Ctrl-C, the signal and the end of the input are no answer.
 */
export function askOn(input: NodeJS.ReadStream, output: NodeJS.WriteStream, signal: AbortSignal): Asking | null {
  if (!input.isTTY || !output.isTTY) return null;
  const typed: string[] = [];
  let lines: Interface | null = null;
  let [answer, isGone]: [((line: string | null) => void) | null, boolean] = [null, false];
  const tell = (line: string | null): void => {
    const told = answer;
    answer = null;
    told?.(line);
  };
  const open = async (): Promise<Interface> => {
    const { createInterface } = await import('node:readline');
    const opened = createInterface({ input, output, terminal: true, signal });
    opened.on('line', (line) => {
      if (answer) tell(line);
      else typed.push(line);
    });
    opened.on('close', () => {
      isGone = true;
      tell(null);
    });
    // In its raw mode a terminal sends no signal.
    opened.on('SIGINT', () => process.emit('SIGINT'));
    return opened;
  };
  return {
    async ask(question) {
      lines ??= await open();
      lines.setPrompt(question);
      if (!isGone) lines.prompt();
      if (typed.length > 0 || isGone) return typed.shift() ?? null;
      return new Promise((told) => {
        answer = told;
      });
    },
    close: () => lines?.close(),
  };
}
