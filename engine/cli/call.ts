import type { Answer } from '../commands/answer.ts';
import type { Ask } from '../commands/choose.ts';
import type { Tell } from '../commands/run.ts';
import type { Progress } from '../pipeline/progress.ts';

/** One call of the command line, understood: which command, how to print, and what to do. */
export interface Call {
  readonly command: string;
  readonly flags: PrintFlags;
  readonly work: (surroundings: Surroundings) => Promise<Answer>;
}

export interface PrintFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
  /** False under `--no-color`. */
  readonly color?: boolean;
}

/** What a command is given of the process it runs in. */
export interface Surroundings {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** Prints a part of the answer before its end; null under `--json`, which prints one object at the end. */
  readonly tell: Tell | null;
  /** Null where nobody can be asked: where there is no terminal, and under `--json` and `--quiet`. */
  readonly ask: Ask | null;
}
