import type { Type } from '../../change.ts';
import type { Lack } from '../../diagnostic/messages.ts';
import type { ColumnPath } from '../../expression/expression.ts';
import { pathText } from '../../expression/paths.ts';
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
}

export function readsOf({ source, schema, tables, key, version, checks }: Scan): Reads {
  return {
    source,
    schema,
    tables,
    key,
    version: version && printExpression(version),
    checks: checks.map(({ text, onFail }) => `${text} or ${onFail}`),
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
  readonly path: string;
  /** As far as it is known, and as the mapping says it. */
  readonly type: Type | null;
  readonly declared: Type | null;
  readonly seen: bigint;
}

/** Where a column comes from: it is one of those that are held, or a path within it. */
export interface Origin {
  readonly number: number;
  readonly held: HeldColumn;
  readonly within: Exclude<ColumnPath, { kind: 'fact' }> | null;
}

/** The relations of a metric's state. */
export function heldRelations(db: Database, metric: bigint): readonly HeldRelation[] {
  const relations = db.prepare('SELECT id, alias, reads FROM _etl_relation WHERE metric = ?').all(metric) as {
    id: bigint;
    alias: string;
    reads: string;
  }[];
  const columns = db.prepare('SELECT path, type, declared, seen FROM _etl_column WHERE relation = ? ORDER BY number');
  return relations.map((relation) => ({
    ...relation,
    reads: JSON.parse(relation.reads),
    columns: columns.all(relation.id) as HeldColumn[],
  }));
}

/** What the plan needs and the state lacks, in the plan's order; empty where it can be made of the state in place. */
export function lacksOf(plan: Plan, relations: readonly HeldRelation[]): readonly Lack[] {
  return scansOf(plan).flatMap((scan): readonly Lack[] => {
    const { alias } = scan;
    const held = relations.find((relation) => relation.alias === alias);
    if (!held) return [{ alias, what: 'table', path: null }];
    const reads = readsOf(scan);
    const others = (Object.keys(reads) as (keyof Reads)[]).filter(
      (what) => JSON.stringify(reads[what]) !== JSON.stringify(held.reads[what]),
    );
    return [...others.map((what) => ({ alias, what, path: null })), ...columnLacks(scan, held)];
  });
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
export function originOf({ path, type }: ScanColumn, { columns }: HeldRelation): Origin | null {
  const heldAs = (text: string) => columns.findIndex((each) => each.path === text);
  const number = heldAs(pathText(path));
  const held = columns[number];
  if (held) return held.declared === type ? { number, held, within: null } : null;
  if (path.kind === 'fact') return null;
  const whole = heldAs(pathText({ kind: 'nested', column: path.column, steps: [] }));
  const of = columns[whole];
  return of && holdsJson(of, path) ? { number: whole, held: of, within: path } : null;
}

/** Whether a column keeps the characters of its JSON. Where no type is known, numbers and booleans lose theirs. */
function holdsJson({ type }: HeldColumn, { kind }: ColumnPath): boolean {
  return type === 'json' || type === 'text' || (type === null && kind === 'nested');
}
