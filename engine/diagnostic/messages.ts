/**
 * All wording of the engine's findings, and the exit code each leads to.
 *
 * The sentence says what is, with the user's own words in double quotes, then what was expected.
 */
interface Message {
  /** 1 bad data, 2 mapping or flags, 3 not found or not allowed, 4 a check that failed. */
  readonly exit: 1 | 2 | 3 | 4;
  readonly severity?: 'warning';
  readonly text: (facts: never) => string;
}

export const messages = {
  UNKNOWN_TABLE: {
    exit: 2,
    text: (f: { name: string }) => `"${f.name}" is not declared under tables`,
  },
} as const satisfies Record<string, Message>;

export type Code = keyof typeof messages;
export type Facts<C extends Code> = Parameters<(typeof messages)[C]['text']>[0];
