import type { Buffer } from 'node:buffer';
import type { Change, Commit, Mark } from '../change.ts';
import { EtlError } from '../diagnostic/diagnostic.ts';
import type { SourceDeclaration } from '../mapping/mapping.ts';
import type { Reading } from '../source/read.ts';
import { type Picked, type Picking, picking } from '../store/pick/pick.ts';
import { Batch } from '../store/stage/batch.ts';
import type { Reached } from './committed.ts';
import { Comparing, goneFrom } from './comparing.ts';
import type { Counting, Intake } from './intake.ts';
import type { RunOptions } from './options.ts';
import { Rejections } from './rejections.ts';

/** Changes after which a batch ends where nothing else is said. */
const BATCH_SIZE = 10_000;

/**
 * What is read of a source since the last commit: whole transactions, and one that has not ended.
 *
 * With every commit go the marks behind the last whole transaction of each file. A transaction whose LSN is committed
 * already was delivered again, and is passed over; it is known by its end, for that alone is ordered.
 */
export class OpenPortion {
  readonly #intake: Intake;
  readonly #source: string;
  readonly #isSnapshot: boolean;
  readonly #strict: boolean;
  readonly #picking: Picking;
  readonly #comparing: Comparing;
  readonly #rejections: Rejections;
  readonly #batch: Batch;
  readonly #counting: Counting;
  /** Made when they are committed, for to digest a file again and again costs as much as reading it. */
  readonly #marks = new Map<string, () => Mark | null>();
  readonly #renamed = new Map<string, string>();
  /** Of a snapshot: files that are read anew, and those that were read to their end. */
  readonly #anew = new Set<string>();
  readonly #ended = new Set<string>();
  #lsn: bigint | null;
  /** When the first change since the last commit was read. */
  #readAt: string | null = null;
  #reached: Reached | null = null;
  #failing = false;
  /** Whether the transaction in hand has brought nothing that is not there already. */
  #isIdle = true;

  constructor(intake: Intake, declaration: SourceDeclaration, options: RunOptions) {
    const { name: source, mode } = declaration;
    const { batchSize = BATCH_SIZE, strict = false, now = () => new Date() } = options;
    this.#intake = intake;
    this.#source = source;
    this.#isSnapshot = mode === 'snapshot';
    this.#strict = strict;
    const { relations } = intake;
    this.#picking = picking(relations, source, () => {
      this.#readAt ??= timeText(now());
      return this.#readAt;
    });
    this.#comparing = new Comparing(intake.first, declaration);
    this.#rejections = new Rejections(intake.first.plan.metric, source, options);
    this.#batch = new Batch(intake.db, source, batchSize);
    this.#counting = intake.counting(declaration, relations);
    this.#lsn = intake.lsn(source);
  }

  /** Whether all is to be read once more, to know which rows are gone. */
  get isToRepeat(): boolean {
    return this.#comparing.isToRepeat;
  }

  /** Takes over what was read, and commits whenever the batch is full. */
  take(reading: Reading): void {
    if (reading.starts) this.#drop();
    if (reading.starts && this.#comparing.isOn) {
      this.commit();
      this.#comparing.start(reading);
    }
    this.#counting.bytes(reading.file, reading.bytes);
    for (const [from, to] of reading.renamed) this.#renamed.set(from, to);
    if (this.#isSnapshot && reading.anew) this.#anew.add(reading.file);
    let last: Commit | null = null;
    try {
      for (const item of reading.items) {
        if (item.op === 'commit') last = this.#end(item, reading, last);
        else if (item.op !== 'bad') this.#add(item);
        else if (!this.#isCommitted(item.at.lsn)) this.#rejections.spoil(new EtlError([item.diagnostic]));
      }
    } finally {
      this.#mark(last, reading);
    }
    if (reading.ends) this.#delete(this.#comparing.gone(reading), reading);
    for (const mark of reading.marks) this.#marks.set(mark.path, () => mark);
    if (this.#isSnapshot && reading.ends && !this.#comparing.isOn) this.#ended.add(reading.file);
  }

  /**
   * Commits the whole transactions that were taken; one that has not ended goes on. What can't be committed is not tried
   * again on the way out.
   */
  commit(): void {
    if (this.#failing) return;
    const marks = [...this.#marks.values()].map((make) => make()).filter((mark) => mark !== null);
    const isNothing = this.#batch.transactions + marks.length + this.#renamed.size + this.#ended.size === 0;
    if (isNothing) return;
    this.#failing = true;
    this.#intake.commit({
      source: this.#source,
      batch: this.#batch,
      marks,
      renamed: this.#renamed,
      anew: this.#anew,
      ended: this.#ended,
      lsn: this.#lsn,
      reached: this.#reached,
      strict: this.#strict,
      rejected: this.#rejections.all,
    });
    this.#failing = false;
    this.#rejections.clear();
    this.#batch.clear();
    this.#marks.clear();
    for (const each of [this.#renamed, this.#anew, this.#ended]) each.clear();
    this.#readAt = null;
  }

  #add(change: Change): void {
    if (this.#isCommitted(change.at.lsn)) {
      this.#counting.again();
      return;
    }
    if (this.#rejections.spoiled) return;
    const rows = this.#pick(change).filter((row) => this.#comparing.isNew(row));
    if (rows.length === 0 && this.#comparing.isOn) return;
    this.#isIdle = false;
    for (const row of rows) this.#batch.add(row);
    this.#counting.change(change, rows);
  }

  #pick(change: Change): readonly Picked[] {
    try {
      return this.#picking.pick(change);
    } catch (error) {
      this.#rejections.spoil(error);
      return [];
    }
  }

  /** Ends a transaction. Gives the last one of the reading that has not been committed; `before` is the one before it. */
  #end(commit: Commit, reading: Reading, before: Commit | null): Commit | null {
    const [again, isIdle] = [this.#isCommitted(commit.lsn), this.#isIdle && this.#comparing.isOn];
    const isNews = this.#rejections.spoiled && !again && this.#reject(commit, reading.raw(commit));
    if (this.#rejections.spoiled || again) this.#drop();
    this.#isIdle = true;
    if (isIdle && !isNews) return before;
    this.#reached = { file: reading.file, records: commit.records };
    if (again) return commit;
    this.#batch.end();
    this.#picking.end();
    this.#counting.end();
    this.#lsn = commit.lsn ?? this.#lsn;
    if (!this.#batch.full) return commit;
    this.#mark(commit, reading);
    this.commit();
    return null;
  }

  /** What comes again and again is told of once: says whether this was the time. */
  #reject(commit: Commit, raw: Buffer): boolean {
    const digest = this.#comparing.isOn ? this.#comparing.miss(raw) : undefined;
    if (digest !== null) this.#rejections.reject(commit, raw, digest);
    return digest !== null;
  }

  /** Rows that are gone; each is a transaction. */
  #delete(rows: Iterable<Picked>, { file }: Reading): void {
    for (const row of rows) {
      this.#batch.add(row);
      this.#counting.change(goneFrom(file), [row]);
      this.#batch.end();
      this.#counting.end();
      if (this.#batch.full) this.commit();
    }
  }

  #drop(): void {
    this.#batch.drop();
    this.#picking.drop();
    this.#counting.drop();
    this.#rejections.forget();
  }

  #isCommitted(lsn: bigint | null): boolean {
    return lsn !== null && this.#lsn !== null && lsn <= this.#lsn;
  }

  #mark(behind: Commit | null, reading: Reading): void {
    if (behind) this.#marks.set(reading.file, () => reading.mark(behind));
  }
}

/** A time as PostgreSQL writes a timestamptz in UTC. */
function timeText(time: Date): string {
  return `${time.toISOString().replace('T', ' ').replace('Z', '')}+00`;
}
