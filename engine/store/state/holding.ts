import type { Type } from '../../change.ts';
import type { Lack } from '../../diagnostic/messages.ts';
import type { ColumnPath } from '../../expression/expression.ts';
import { columnIn, pathText, wholeColumn } from '../../expression/paths.ts';
import { scansOf } from '../../plan/compile.ts';
import type { Plan, Scan, ScanColumn } from '../../plan/plan.ts';
import { type Reads, readsOf } from '../../plan/reads.ts';
import type { Database } from '../database/database.ts';

/** A relation as the catalog knows it, whichever plan made it. */
export interface HeldRelation {
  readonly id: bigint;
  readonly alias: string;
  readonly reads: Reads;
  readonly checks: readonly string[];
  /** Whether every column of its rows is held. */
  readonly keepsAll: boolean;
  readonly columns: readonly HeldColumn[];
}

interface HeldColumn {
  readonly number: bigint;
  readonly path: string;
  /** As far as it is known, and as the mapping says it. */
  readonly type: Type | null;
  readonly declared: Type | null;
  readonly seen: bigint;
}

/** Where a column comes from: it is one of those that are held, or a path within it. */
export interface Origin {
  /** Null where every column is held, and no record had this one. */
  readonly held: HeldColumn | null;
  readonly within: Exclude<ColumnPath, { kind: 'fact' }> | null;
}

/** What the state of a metric holds, alias by alias: of each relation the columns that are the metric's. */
export function heldRelations(db: Database, metric: bigint): readonly HeldRelation[] {
  const scans = db
    .prepare(
      `SELECT r.id, r.reads, r.whole, s.alias, s.checks, s.columns
       FROM _etl_scan s JOIN _etl_relation r ON r.id = s.relation WHERE s.metric = ? ORDER BY s.number`,
    )
    .all(metric) as {
    id: bigint;
    alias: string;
    reads: string;
    checks: string;
    whole: bigint;
    columns: string | null;
  }[];
  const columnsOf = db.prepare(
    'SELECT number, path, type, declared, seen FROM _etl_column WHERE relation = ? ORDER BY number',
  );
  return scans.map(({ id, alias, reads, checks, whole, columns }) => ({
    id,
    alias,
    reads: JSON.parse(reads),
    checks: JSON.parse(checks),
    keepsAll: whole === 1n,
    columns: among(columnsOf.all(id) as HeldColumn[], columns),
  }));
}

function among(all: readonly HeldColumn[], numbers: string | null): readonly HeldColumn[] {
  if (numbers === null) return all;
  return (JSON.parse(numbers) as number[]).map((number) => all[number] as HeldColumn);
}

/** A relation that keeps all columns has those that are held, behind what the plan names. */
export function withHeld(scan: Scan, held: HeldRelation): Scan {
  if (!scan.keepsAll) return scan;
  const named = new Set(scan.columns.map(({ path }) => pathText(path)));
  const others = held.columns.flatMap(({ path }) => (named.has(path) ? [] : (columnIn(path) ?? [])));
  return { ...scan, columns: [...scan.columns, ...others.map((name) => ({ path: wholeColumn(name), type: null }))] };
}

/** What the plan needs and the state lacks, in the plan's order; empty where it can be made of the state in place. */
export function lacksOf(plan: Plan, relations: readonly HeldRelation[]): readonly Lack[] {
  return scansOf(plan).flatMap((scan): readonly Lack[] => {
    const [nearest] = candidates(scan, relations);
    if (!nearest) return [{ alias: scan.alias, what: 'table', path: null }];
    return servesFor(scan, relations) ? [] : lacksIn(nearest, scan);
  });
}

/**
 * The relation that a scan's rows are held in; null where none has all of it. It may be under another alias: an alias is a
 * name, and one table may have several.
 */
export function servesFor(scan: Scan, relations: readonly HeldRelation[]): HeldRelation | null {
  return candidates(scan, relations).find((held) => lacksIn(held, scan).length === 0) ?? null;
}

/**
 * What the state holds and the plan does not keep: a table by its alias, else each column and path behind it. When the state
 * is made the plan's, it is gone.
 */
export function forgottenBy(plan: Plan, relations: readonly HeldRelation[]): readonly string[] {
  const served = scansOf(plan).map((scan) => ({ scan, held: servesFor(scan, relations) }));
  return relations.flatMap((held) => {
    const scans = served.flatMap((each) => (each.held === held ? [withHeld(each.scan, held)] : []));
    if (scans.length === 0) return [held.alias];
    const kept = scans.flatMap(({ columns }) => columns.map(({ path }) => pathText(path)));
    const isKept = (path: string) => kept.some((each) => path === each || isWithin(path, each));
    return held.columns.flatMap(({ path }) => (isKept(path) ? [] : [`${held.alias}.${path}`]));
  });
}

/** Whether a path leads into a column or a path, as they are written. */
function isWithin(path: string, outer: string): boolean {
  return path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);
}

/** The relation of that alias, and those of other aliases that have the same rows. */
function candidates(scan: Scan, relations: readonly HeldRelation[]): readonly HeldRelation[] {
  const others = relations.filter((held) => held.alias !== scan.alias && otherReads(held, scan).length === 0);
  return [...relations.filter(({ alias }) => alias === scan.alias), ...others];
}

function lacksIn(held: HeldRelation, scan: Scan): readonly Lack[] {
  const { alias } = scan;
  const whole: readonly Lack[] = scan.keepsAll && !held.keepsAll ? [{ alias, what: 'every column', path: null }] : [];
  const others = otherReads(held, scan).map((what) => ({ alias, what, path: null }));
  return [...others, ...whole, ...columnLacks(withHeld(scan, held), held)];
}

function otherReads({ reads: held }: HeldRelation, scan: Scan): readonly (keyof Reads)[] {
  const reads = readsOf(scan);
  const isOther = (what: keyof Reads) => JSON.stringify(reads[what]) !== JSON.stringify(held[what]);
  return (Object.keys(reads) as (keyof Reads)[]).filter(isOther);
}

function columnLacks({ alias, columns }: Scan, held: HeldRelation): readonly Lack[] {
  return columns.flatMap((column): readonly Lack[] => {
    if (originOf(column, held)) return [];
    const path = pathText(column.path);
    const isHeld = held.columns.some((each) => each.path === path);
    return [{ alias, what: isHeld ? 'type' : 'column', path }];
  });
}

/**
 * What a column is made of; null where the state does not hold that.
 *
 * A path is found within a whole column only: of a nested one that is kept as text nobody knows whether it was a string.
 */
export function originOf({ path, type }: ScanColumn, { columns, keepsAll }: HeldRelation): Origin | null {
  const heldAs = (of: ColumnPath) => columns.find((each) => each.path === pathText(of));
  const held = heldAs(path);
  if (held) return isOf(type, held) ? { held, within: null } : null;
  if (path.kind === 'fact') return null;
  const whole = heldAs(wholeColumn(path.column));
  if (!whole) return keepsAll ? { held: null, within: null } : null;
  return holdsJson(whole, path) ? { held: whole, within: path } : null;
}

/** Whether a column holds what it would under a declared type: under the same one, or one that it is known to have anyway. */
function isOf(type: Type | null, { declared, type: known }: HeldColumn): boolean {
  return declared === type || (declared === null && known === type);
}

/** Whether a column keeps the characters of its JSON. Where no type is known, numbers and booleans lose theirs. */
function holdsJson({ type }: HeldColumn, { kind }: ColumnPath): boolean {
  return type === 'json' || type === 'text' || (type === null && kind === 'nested');
}
