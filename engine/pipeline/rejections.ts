import type { Commit, Value } from '../change.ts';
import { type Diagnostic, EtlError, invariant } from '../diagnostic/diagnostic.ts';
import { type Failed, withReason } from '../store/check/checking.ts';
import type { Rejected } from '../store/check/rejected.ts';

/** A transaction that is left out: nothing of it counts. */
export interface DeadLetter extends Rejected {
  readonly metric: string;
  readonly source: string;
  /** Bytes of the file before the transaction, and those that it takes. */
  readonly from: number;
  readonly bytes: number;
  /** Its bytes as they stand in the file: all of them, or the first megabyte. */
  readonly raw: Buffer;
}

/** A row that a check rejects: one of a table, or (then without a place) of the metric. */
export interface RejectedRow {
  readonly metric: string;
  readonly source: string | null;
  readonly code: 'ROW_REJECTED';
  /** The check, and why it can't be computed, if that is so. */
  readonly reason: string;
  readonly file: string | null;
  readonly record: number | null;
  /** The table's alias. */
  readonly table: string | null;
  /** What is kept of a table's row, or the columns of the metric. */
  readonly row: Readonly<Record<string, Value>>;
}

/** Who is told. */
interface Telling {
  readonly onRejected?: ((letter: DeadLetter) => void) | undefined;
  readonly onRejectedRow?: ((row: RejectedRow) => void) | undefined;
}

/** The transactions that are left out: the one in hand, where it is spoiled, and those since the last commit. */
export class Rejections {
  readonly #metric: string;
  readonly #source: string;
  readonly #onRejected: ((letter: DeadLetter) => void) | undefined;
  #spoiled: Rejected | null = null;
  #rejected: Rejected[] = [];

  constructor(metric: string, source: string, { onRejected }: Telling) {
    this.#metric = metric;
    this.#source = source;
    this.#onRejected = onRejected;
  }

  /** Whether the transaction in hand is not to be. */
  get spoiled(): boolean {
    return this.#spoiled !== null;
  }

  /** What is to be committed together with the reading behind it. */
  get all(): readonly Rejected[] {
    return this.#rejected;
  }

  /** The transaction in hand is not to be, if there is somebody to take it; otherwise the error is thrown. */
  spoil(error: unknown): void {
    if (!(error instanceof EtlError) || !this.#onRejected) throw error;
    this.#spoiled ??= rejectedFor(error.diagnostics[0]);
  }

  /** The spoiled transaction ends. It is told of before that is committed: rather twice than never. */
  reject({ from, offset }: Commit, raw: Buffer, digest?: string): void {
    invariant(this.#spoiled, 'only what is spoiled is rejected');
    const [metric, source] = [this.#metric, this.#source];
    this.#onRejected?.({ metric, source, ...this.#spoiled, from, bytes: offset - from, raw });
    this.#rejected.push(digest === undefined ? this.#spoiled : { ...this.#spoiled, digest });
  }

  /** The transaction in hand is forgotten, with what spoiled it. */
  forget(): void {
    this.#spoiled = null;
  }

  /** What was left out is committed. */
  clear(): void {
    this.#rejected = [];
  }
}

/** Tells of the rows that a check rejects, whatever fails others. */
export function tellRejectedRows(
  metric: string,
  sourceOf: (alias: string) => string | null,
  failed: readonly Failed[],
  tell: Telling['onRejectedRow'],
): void {
  for (const { alias, check, rows } of failed) {
    if (check.onFail !== 'reject') continue;
    for (const { place, values: row, ...each } of rows) {
      const [source, table] = place ? [sourceOf(alias), alias] : [null, null];
      const { file = null, record = null } = place ?? {};
      const reason = withReason(check.text, each);
      tell?.({ metric, source, code: 'ROW_REJECTED', reason, file, record, table, row });
    }
  }
}

function rejectedFor(finding: Diagnostic | undefined): Rejected {
  const { file, record, offset } = finding?.data ?? {};
  const placed = file !== undefined && record !== undefined && offset !== undefined;
  invariant(finding && placed, 'a finding about a record tells its place');
  return { code: finding.code, reason: finding.message, file, record, offset };
}
