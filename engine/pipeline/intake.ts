import { type Change, headerOf, type Mark } from '../change.ts';
import { isOneTable } from '../mapping/format.ts';
import type { SourceDeclaration } from '../mapping/mapping.ts';
import { scansOf } from '../plan/compile.ts';
import type { Scan } from '../plan/plan.ts';
import type { Database } from '../store/database/database.ts';
import type { Picked } from '../store/pick/pick.ts';
import { tableName } from '../store/pick/table.ts';
import { type Relation, united } from '../store/state/stock.ts';
import { commitPortion } from './commit.ts';
import type { Portion } from './committed.ts';
import { commitLoad } from './load.ts';
import type { Session } from './session.ts';
import type { Tally } from './tally.ts';

/** Takes in what is read, for one session or for several whose metrics share a stock: read, picked and staged once for all. */
export class Intake {
  readonly sessions: readonly Session[];
  /** What is the same for all may be asked of it. */
  readonly first: Session;

  constructor(sessions: readonly Session[]) {
    this.sessions = sessions;
    this.first = sessions[0] as Session;
  }

  get db(): Database {
    return this.first.db;
  }

  get scans(): readonly Scan[] {
    return this.sessions.flatMap(({ plan }) => scansOf(plan));
  }

  /** What is staged into. */
  get relations(): readonly Relation[] {
    return united(this.sessions.flatMap(({ state }) => state.relations));
  }

  /** Whether the first load of all has ended. */
  get isLoaded(): boolean {
    return this.sessions.every(({ state }) => state.loaded);
  }

  marks(source: string): readonly Mark[] {
    return this.first.marks(source);
  }

  /** The LSN up to which a source is committed; null where its log tells none. */
  lsn(source: string): bigint | null {
    return this.first.lsn(source);
  }

  /** Bytes and changes that were read so far: whenever something is, there are more. */
  get total(): number {
    const { tally } = this.first;
    return tally.total() + tally.changes();
  }

  /** Counts what is read of a source, for each session what it reads itself. `relations` are those that rows are picked for. */
  counting({ name, format }: SourceDeclaration, relations: readonly Relation[]): Counting {
    const tallies = this.sessions.map(({ tally }) => tally);
    const own = this.sessions.map(({ tally, plan, state }) => {
      const ids = new Set(state.relations.map(({ id }) => id));
      const table = isOneTable(format) ? tableName(scansOf(plan), name) : null;
      return { tally, table, reads: relations.map(({ id }) => ids.has(id)) };
    });
    const each = (work: (tally: Tally) => void) => {
      for (const tally of tallies) work(tally);
    };
    return {
      change: (change, rows) => {
        for (const { tally, table, reads } of own)
          tally.change(
            table ?? tableOf(change),
            rows.some(({ shape }) => reads[shape.relation]),
          );
      },
      end: () => each((tally) => tally.end()),
      drop: () => each((tally) => tally.drop()),
      again: () => each((tally) => tally.again()),
      bytes: (file, bytes) => each((tally) => tally.bytes(file, bytes)),
    };
  }

  commit(portion: Portion): void {
    const members = this.sessions.map(({ member }) => member);
    for (const [n, committed] of commitPortion(this.db, members, portion).entries())
      this.sessions[n]?.took(committed, portion);
  }

  /** Ends a first load, and writes targets anew that are gone or were changed. */
  finish(): void {
    const members = this.sessions.map(({ member }) => member);
    for (const [n, committed] of commitLoad(this.db, members).entries())
      if (committed) this.sessions[n]?.took(committed, null);
  }
}

export interface Counting extends Pick<Tally, 'end' | 'drop' | 'again' | 'bytes'> {
  /** A change, and the rows that were picked of it. */
  readonly change: (change: Change, rows: readonly Picked[]) => void;
}

function tableOf(change: Change): string {
  const { schema, table } = headerOf(change);
  return schema === null || schema === 'public' ? table : `${schema}.${table}`;
}
