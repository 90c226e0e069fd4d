import type { Type } from '../../change.ts';
import type { Lack } from '../../diagnostic/messages.ts';
import type { ColumnPath } from '../../expression/expression.ts';
import { columnIn, pathText, wholeColumn } from '../../expression/paths.ts';
import { printExpression } from '../../expression/print.ts';
import { scansOf } from '../../plan/compile.ts';
import type { Plan, Scan, ScanColumn } from '../../plan/plan.ts';
import type { Database } from '../database/database.ts';

/** What decides which rows a relation holds and which of them wins: under another one its rows would be others. */
export interface Reads {
  readonly source: string;
  readonly schema: string | null;
  readonly tables: readonly string[];
  readonly key: readonly string[];
  readonly version: string | null;
  readonly checks: readonly string[];
  /** Whether every column of a row is held. */
  readonly keepsAll: boolean;
}

export function readsOf({ source, schema, tables, key, version, checks, keepsAll }: Scan): Reads {
  return {
    source,
    schema,
    tables,
    key,
    version: version && printExpression(version),
    checks: checks.map(({ text, onFail }) => `${text} or ${onFail}`),
    keepsAll,
  };
}

/** A relation as the catalog knows it, whichever plan made it. */
export interface HeldRelation {
  readonly id: bigint;
  readonly alias: string;
  readonly reads: Reads;
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

/** The relations of a metric's state. */
export function heldRelations(db: Database, metric: bigint): readonly HeldRelation[] {
  const relations = db.prepare('SELECT id, alias, reads FROM _etl_relation WHERE metric = ?').all(metric) as {
    id: bigint;
    alias: string;
    reads: string;
  }[];
  const columns = db.prepare(
    'SELECT number, path, type, declared, seen FROM _etl_column WHERE relation = ? ORDER BY number',
  );
  return relations.map((relation) => ({
    ...relation,
    reads: JSON.parse(relation.reads),
    columns: columns.all(relation.id) as HeldColumn[],
  }));
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
    const { alias } = scan;
    const held = relations.find((relation) => relation.alias === alias);
    if (!held) return [{ alias, what: 'table', path: null }];
    const reads = readsOf(scan);
    const others = (Object.keys(reads) as (keyof Reads)[]).filter((what) => isOther(what, reads, held.reads));
    return [...others.map((what) => ({ alias, what, path: null })), ...columnLacks(withHeld(scan, held), held)];
  });
}

/** A state that holds every column serves a plan that keeps some, too. */
function isOther(what: keyof Reads, reads: Reads, held: Reads): boolean {
  if (what === 'keepsAll') return reads.keepsAll && !held.keepsAll;
  return JSON.stringify(reads[what]) !== JSON.stringify(held[what]);
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
export function originOf({ path, type }: ScanColumn, { columns, reads }: HeldRelation): Origin | null {
  const heldAs = (of: ColumnPath) => columns.find((each) => each.path === pathText(of));
  const held = heldAs(path);
  if (held) return held.declared === type ? { held, within: null } : null;
  if (path.kind === 'fact') return null;
  const whole = heldAs(wholeColumn(path.column));
  if (!whole) return reads.keepsAll ? { held: null, within: null } : null;
  return holdsJson(whole, path) ? { held: whole, within: path } : null;
}

/** Whether a column keeps the characters of its JSON. Where no type is known, numbers and booleans lose theirs. */
function holdsJson({ type }: HeldColumn, { kind }: ColumnPath): boolean {
  return type === 'json' || type === 'text' || (type === null && kind === 'nested');
}
