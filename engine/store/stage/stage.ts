import type { Plan } from '../../plan/plan.ts';
import type { Database } from '../database/database.ts';
import type { Picked } from '../pick/pick.ts';
import type { Relation, State } from '../state/state.ts';
import { indexJoins } from './indexes.ts';
import { type Lost, SAMPLES } from './lost.ts';
import { Stager } from './stager.ts';
import { VersionStager } from './version-stager.ts';

/** What came of staging. */
export interface Staged {
  /** The relations as they are afterwards: their types may have been learned. */
  readonly relations: readonly Relation[];
  /** Whether a type was learned or a relation emptied: then more may have changed than the rows that were staged. */
  readonly whole: boolean;
  readonly lost: Lost;
  /** Changes that were passed over, for their rows have newer versions. */
  readonly older: number;
}

/**
 * Stages rows: of each key the row of the latest version stays, or without versions the newest, and a value that an update
 * does not tell.
 *
 * Belongs to one transaction and is undone with it. `fileId` gives a file's number in the catalog.
 */
export function stage(
  db: Database,
  plan: Plan,
  state: State,
  rows: Iterable<Picked>,
  fileId: (file: string) => bigint,
): Staged {
  const stagers = state.relations.map((relation) => openStager(db, plan, relation));
  const samples: Picked[] = [];
  let count = 0;
  for (const picked of rows) {
    const stager = stagers[picked.shape.relation];
    if (stager?.take(picked, fileId(picked.at.file))) continue;
    count++;
    if (samples.length < SAMPLES) samples.push(picked);
  }
  for (const stager of stagers) stager.finish();
  const relations = stagers.map(({ relation }) => relation);
  if (state.loaded && stagers.some(({ learned }) => learned)) indexJoins(db, plan, relations);
  const older = stagers.reduce((sum, stager) => sum + (stager instanceof VersionStager ? stager.older : 0), 0);
  return { relations, whole: stagers.some(({ whole }) => whole), lost: { count, samples }, older };
}

function openStager(db: Database, plan: Plan, relation: Relation): Stager | VersionStager {
  const { version } = relation.scan;
  return version ? new VersionStager(db, plan, relation, version) : new Stager(db, plan, relation);
}
