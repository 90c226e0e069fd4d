import { type Code, type Facts, messages } from './messages.ts';
import { withoutPasswords } from './secret.ts';

/** A range of the mapping's text, in UTF-16 units; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where in the data: a file, and what is known of the place in it. */
export interface DataPlace {
  readonly file: string;
  readonly record?: number;
  /** Bytes before the place. */
  readonly offset?: number;
}

/** Where in a mapping. `text` is the whole file, for the frame with the caret. */
export interface MappingPlace {
  readonly file: string;
  readonly text: string;
  readonly span: Span;
}

/** One finding. All wording comes from `messages.ts`. */
export interface Diagnostic {
  readonly code: Code;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly mapping?: MappingPlace;
  readonly data?: DataPlace;
  /** What might help: the near name, or what exists. */
  readonly hint?: string;
  /** Facts below the first line, each `label: text`: in change, asked for by, kept. */
  readonly notes?: readonly string[];
}

export interface Where {
  readonly mapping?: MappingPlace | undefined;
  readonly data?: DataPlace | undefined;
  readonly hint?: string | undefined;
  readonly notes?: readonly string[] | undefined;
}

/** Makes a finding of a code from its facts. */
export function diagnose<C extends Code>(code: C, facts: Facts<C>, where: Where = {}): Diagnostic {
  const message = messages[code];
  return {
    code,
    severity: 'severity' in message ? message.severity : 'error',
    message: withoutPasswords((message.text as (facts: Facts<C>) => string)(facts)),
    ...(where.mapping && { mapping: where.mapping }),
    ...(where.data && { data: where.data }),
    ...(where.hint !== undefined && { hint: withoutPasswords(where.hint) }),
    ...(where.notes && where.notes.length > 0 && { notes: where.notes }),
  };
}

/** What stops a run: one or more findings that a user can act on. A bug is never an EtlError. */
export class EtlError extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((each) => `${each.code}: ${each.message}`).join('\n'));
    this.name = 'EtlError';
    this.diagnostics = diagnostics;
  }
}

/** Whether an error is of a code, and about a file if one is named. */
export function isFinding(error: unknown, code: Code, file?: string): error is EtlError {
  if (!(error instanceof EtlError)) return false;
  const [finding] = error.diagnostics;
  return finding?.code === code && (file === undefined || finding.data?.file === file);
}

/** Throws the one finding. */
export function fail<C extends Code>(code: C, facts: Facts<C>, where: Where = {}): never {
  throw new EtlError([diagnose(code, facts, where)]);
}

/** Says that something can't be: a bug of the engine, never of its input. */
export function invariant(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${sentence}`);
}
