/** Who of several mappings can share a stock, and so go on as one run. */
import { existsSync } from 'node:fs';
import { hasRecords } from '../mapping/format.ts';
import type { Mapping } from '../mapping/mapping.ts';
import { compile } from '../plan/compile.ts';
import { canMerge } from '../plan/merge.ts';
import type { Plan } from '../plan/plan.ts';
import { isStream } from '../source/place.ts';
import { readDatabase } from '../store/database/database.ts';
import { findState } from '../store/state/state.ts';
import type { RunOptions } from './options.ts';
import { type Places, placesOf } from './places.ts';

/** A mapping that goes on alone, or several that share a stock. */
export type Unit =
  | { readonly kind: 'alone'; readonly mapping: Mapping }
  | { readonly kind: 'together'; readonly sharers: readonly [Sharer, ...Sharer[]] };

export interface Sharer {
  readonly mapping: Mapping;
  readonly plan: Plan;
  readonly places: Places;
  /** Those who share a stock have the same: sources, database and the stock that they have already. */
  readonly key: string;
}

/** Each mapping in one unit. No two of them are of one metric. */
export async function unitsOf(mappings: readonly Mapping[], options: RunOptions): Promise<readonly Unit[]> {
  const isNoUse = mappings.length === 1 || options.dryRun;
  const groups: [Sharer, ...Sharer[]][] = [];
  const alone: Unit[] = [];
  for (const mapping of mappings) {
    const sharer = isNoUse ? null : await sharerOf(mapping, options);
    const group = sharer && groups.find((sharers) => sharers.every((other) => canShare(sharer, other)));
    if (sharer === null) alone.push({ kind: 'alone', mapping });
    else if (group) group.push(sharer);
    else groups.push([sharer]);
  }
  return [...groups.map(unitOf), ...alone];
}

function unitOf(sharers: readonly [Sharer, ...Sharer[]]): Unit {
  const [{ mapping }, ...others] = sharers;
  return others.length === 0 ? { kind: 'alone', mapping } : { kind: 'together', sharers };
}

function canShare(a: Sharer, b: Sharer): boolean {
  return a.key === b.key && canMerge(a.plan, b.plan);
}

/** Null where a mapping goes on alone, whoever else is there. What is wrong with it is told when it does. */
async function sharerOf(mapping: Mapping, options: RunOptions): Promise<Sharer | null> {
  try {
    const [plan, places] = [compile(mapping), await placesOf(mapping, options)];
    if (places.remote !== null || !(await arePlain(places))) return null;
    const stock = options.fullRefresh ? 'none' : stockIn(places.database, plan, options.lockWait);
    if (stock === 'of another plan') return null;
    const sources = places.sources.map(({ source: { name, format, mode }, path }) => [name, format, mode, path]);
    return { mapping, plan, places, key: JSON.stringify([places.database, sources, String(stock)]) };
  } catch {
    // Be it a missing file or a bug: it is said of this mapping alone.
    return null;
  }
}

/** What is read has to be there still where those who read it together go on apart, and tells its rows one by one. */
async function arePlain({ sources }: Places): Promise<boolean> {
  const plain = await Promise.all(
    sources.map(async ({ source, path }) => {
      return hasRecords(source.format) && source.mode !== 'snapshot' && !(await isStream(path));
    }),
  );
  return plain.every((is) => is);
}

/** The number of the stock that a metric has. */
function stockIn(database: string, plan: Plan, lockWait?: number): bigint | 'none' | 'of another plan' {
  if (!existsSync(database)) return 'none';
  const db = readDatabase(database, lockWait);
  try {
    const state = db.transaction(() => findState(db, plan))();
    if (state === null) return 'none';
    return state.plan === plan.hash ? state.stock : 'of another plan';
  } finally {
    db.close();
  }
}
