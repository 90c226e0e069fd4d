import type { Plan } from '../../plan/plan.ts';
import type { Database } from '../database/database.ts';
import type { Picked } from '../pick/pick.ts';
import type { Relation } from '../state/stock.ts';
import { Stager } from './stager.ts';
import { VersionStager } from './version-stager.ts';

/** What is staged: rows of these relations, by their places. */
export interface Staging {
  readonly relations: readonly Relation[];
  readonly rows: Iterable<Picked>;
  /** Gives a file's number in the catalog. */
  readonly fileId: (file: string) => bigint;
  /** Is told of a change of a row that was never seen. It changes nothing. */
  readonly onLost: (picked: Picked) => void;
}

/** What came of staging. */
export interface Staged {
  /** Whether a type was learned: then rows may have to be looked for in other ways, but for their keys. */
  readonly learned: boolean;
  /** For each relation whether a type was learned or it was emptied: then more may have changed than the rows that were staged. */
  readonly whole: readonly boolean[];
  /** Changes that were passed over, for their rows have newer versions. */
  readonly older: number;
}

/**
 * Stages rows: of each key the row of the latest version stays, or without versions the newest, and a value that an update
 * does not tell.
 *
 * Belongs to one transaction and is undone with it.
 */
export function stage(db: Database, plan: Plan, { relations, rows, fileId, onLost }: Staging): Staged {
  const stagers = relations.map((relation) => openStager(db, plan, relation));
  for (const picked of rows) if (!stagers[picked.shape.relation]?.take(picked, fileId(picked.at.file))) onLost(picked);
  for (const stager of stagers) stager.finish();
  const learned = stagers.some((stager) => stager.learned);
  return {
    learned,
    whole: stagers.map((stager) => stager.whole),
    older: stagers.reduce((sum, stager) => sum + (stager instanceof VersionStager ? stager.older : 0), 0),
  };
}

function openStager(db: Database, plan: Plan, relation: Relation): Stager | VersionStager {
  const { version } = relation.scan;
  return version ? new VersionStager(db, plan, relation, version) : new Stager(db, plan, relation);
}
