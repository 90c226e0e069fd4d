import type { Ask } from '../commands/choose.ts';

/**
 * Asks on a terminal; null where there is none. What asks a question is loaded by the first one. Ctrl-C and the end of
 * the input are no answer.
 */
export function askOn(input: NodeJS.ReadStream, output: NodeJS.WriteStream, signal: AbortSignal): Ask | null {
  if (!input.isTTY || !output.isTTY) return null;
  return async (question) => {
    const { createInterface } = await import('node:readline/promises');
    const lines = createInterface({ input, output });
    const gone = new Promise<null>((end) => lines.once('close', () => end(null)));
    // In its raw mode a terminal sends no signal.
    lines.on('SIGINT', () => process.emit('SIGINT'));
    try {
      const answer = lines.question(question, { signal }).catch(() => null);
      return await Promise.race([answer, gone]);
    } finally {
      lines.close();
    }
  };
}
