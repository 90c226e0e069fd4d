import type { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { Change, Position } from '../change.ts';
import type { SourceDeclaration } from '../mapping/mapping.ts';
import type { Reading } from '../source/read.ts';
import { rejectedDigests } from '../store/check/rejected.ts';
import type { Picked } from '../store/pick/pick.ts';
import { type Comparison, openComparison } from '../store/stage/comparison.ts';
import type { Session } from './session.ts';

/** Compares what is read of a database, table by table, with what stands; what comes from files is new, always. */
export class Comparing {
  readonly #session: Session;
  readonly #source: SourceDeclaration;
  #comparison: Comparison | null = null;
  #isWhole = false;
  #isBlind = false;
  #rejected: ReadonlySet<string> = new Set();

  constructor(session: Session, source: SourceDeclaration) {
    this.#session = session;
    this.#source = source;
  }

  /** Whether rows of this source are compared. */
  get isOn(): boolean {
    return this.#source.format.kind === 'table';
  }

  /**
   * Whether rows that are gone could not be told, for a type of a key was learned only now: what is read once more can
   * be compared.
   */
  get isToRepeat(): boolean {
    return this.#isBlind;
  }

  /** A table begins; nothing of those before it may be pending. */
  start({ file }: Reading): void {
    const { db, plan, state } = this.#session;
    this.#comparison = openComparison(db, plan, state, this.#source.name, file);
    this.#isWhole = this.#source.mode === 'snapshot';
    this.#isBlind = false;
    this.#rejected = rejectedDigests(db, state, this.#source.name, file);
  }

  /** Whether a row does not stand as it came. */
  isNew(picked: Picked): boolean {
    return !this.#comparison?.stands(picked);
  }

  /**
   * A row could not be taken: it may be any of those that seem to be gone. Gives the digest of what it holds; null where
   * such a row could not be taken before, for it comes again and again.
   */
  miss(raw: Buffer): string | null {
    this.#isWhole = false;
    const digest = createHash('md5').update(raw).digest('hex');
    return this.#rejected.has(digest) ? null : digest;
  }

  /** A table ends: its rows that are gone, as deletes. */
  gone({ file }: Reading): Iterable<Picked> {
    if (!this.#isWhole || !this.#comparison) return [];
    this.#isBlind = this.#comparison.isBlind;
    return this.#isBlind ? [] : this.#comparison.vanished(placeIn(file));
  }
}

/** A row that is gone, for those who count changes. */
export function goneFrom(file: string): Change {
  const header = { schema: null, table: file, columns: [] };
  return { op: 'delete', before: { header, values: [], missing: 'unknown' }, at: placeIn(file) };
}

function placeIn(file: string): Position {
  return { file, record: 0, offset: 0, lsn: null };
}
