/** What the signals that end a process ask for: finish the batch in hand, then go. The second one goes at once. */
export interface Interrupts {
  readonly abort: AbortSignal;
  /** The exit code that a shell expects after the signal; null when none came. */
  readonly exit: () => number | null;
}

const codes = { SIGINT: 130, SIGTERM: 143 } as const;

export function interrupts(): Interrupts {
  const controller = new AbortController();
  let exit: number | null = null;
  for (const [signal, code] of Object.entries(codes)) {
    process.on(signal, () => {
      if (exit !== null) process.exit(code);
      exit = code;
      controller.abort();
    });
  }
  return { abort: controller.signal, exit: () => exit };
}
