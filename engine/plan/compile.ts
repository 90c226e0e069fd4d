import { createHash } from 'node:crypto';
import type { ColumnLeaf, ColumnPath } from '../expression/expression.ts';
import { columnsOf, pathText, typeOfPath, wholeColumn } from '../expression/paths.ts';
import type { JoinDeclaration, Mapping, RelationDeclaration } from '../mapping/mapping.ts';
import { usedColumns } from '../mapping/used.ts';
import { filterOf, filterOfRelation } from './filter.ts';
import type { Join, Plan, Scan, ScanColumn } from './plan.ts';

/** Compiles a checked mapping. Cannot fail: whatever could be wrong, `mapping/check.ts` has said. */
export function compile(mapping: Mapping): Plan {
  const used = usedColumns(mapping);
  const scan = (relation: RelationDeclaration): Scan => compileScan(relation, used);
  const parts = {
    metric: mapping.metric,
    root: scan(mapping.from),
    joins: mapping.joins.map((join) => compileJoin(join, scan(join.relation))),
    filter: mapping.where && filterOf(mapping.where),
    groupBy: mapping.groupBy,
    project: mapping.columns,
    checks: mapping.checks,
    sinkKey: mapping.sink.key,
    sinkSpan: mapping.sink.span,
  };
  return { ...parts, origin: { file: mapping.file, text: mapping.text }, hash: hashOf(parts) };
}

/** The scans of a plan in join order; the root comes first. */
export function scansOf(plan: Pick<Plan, 'root' | 'joins'>): readonly Scan[] {
  return [plan.root, ...plan.joins.map((join) => join.scan)];
}

function compileScan(relation: RelationDeclaration, used: readonly ColumnLeaf[]): Scan {
  const keys = relation.key.map(wholeColumn);
  const versions = relation.version ? columnsOf(relation.version).map((leaf) => leaf.path) : [];
  const paths = used.filter((leaf) => leaf.alias === relation.alias).map((leaf) => leaf.path);
  const column = (path: ColumnPath): ScanColumn => ({ path, type: typeOfPath(path, relation.types) });
  return {
    alias: relation.alias,
    source: relation.source.name,
    schema: relation.schema,
    tables: relation.tables,
    key: relation.key,
    version: relation.version,
    tombstone: distinct([...keys, ...versions]).length,
    columns: distinct([...keys, ...versions, ...paths, ...keptOf(relation)]).map(column),
    used: distinct([...keys, ...versions, ...paths]).length,
    keepsAll: relation.keep === 'all',
    filter: filterOfRelation(relation),
    checks: relation.checks,
    span: relation.span,
  };
}

/** Of all columns those are named here whose types are declared. */
function keptOf({ keep, types }: RelationDeclaration): readonly ColumnPath[] {
  return keep === 'all' ? [...types.keys()].map(wholeColumn) : keep;
}

function distinct(paths: readonly ColumnPath[]): readonly ColumnPath[] {
  return [...new Map(paths.map((path) => [pathText(path), path])).values()];
}

function compileJoin(join: JoinDeclaration, scan: Scan): Join {
  return { kind: join.kind, scan, on: join.on, expect: join.expect, span: join.span };
}

/** What changes no row is left out: places in the file, the sink's place, what is expected of the joins. */
const NO_PART_OF_HASH: ReadonlySet<string> = new Set(['span', 'sinkSpan', 'expect', 'text']);

function hashOf(parts: Omit<Plan, 'hash' | 'origin'>): string {
  const text = JSON.stringify(parts, (key, value) => (NO_PART_OF_HASH.has(key) ? undefined : value));
  return createHash('sha256').update(text).digest('hex');
}
