import { invariant } from '../diagnostic/diagnostic.ts';
import { nearest, suggestion } from '../diagnostic/suggest.ts';
import { checkChecks } from './check/checks.ts';
import { checkColumns } from './check/columns.ts';
import { checkCondition } from './check/expression.ts';
import { type CheckedJoin, checkJoins } from './check/joins.ts';
import { checkGroupBy } from './check/output.ts';
import { metricScope, type Names } from './check/scope.ts';
import { checkSink, checkState } from './check/sink.ts';
import { checkTables, declarationOf } from './check/tables.ts';
import type { Draft } from './draft.ts';
import type { JoinDeclaration, Mapping, RelationDeclaration } from './mapping.ts';
import type { Report } from './report.ts';

/**
 * Checks what a draft's names mean, and makes the Mapping: nothing else makes one. Null where this stage or one before it
 * found an error.
 */
export function checkDraft(draft: Draft, report: Report): Mapping | null {
  const names = namesOf(draft, report);
  const scope = metricScope(names);
  const relations = checkTables(draft, names, report);
  const joins = checkJoins(draft, names, scope, report);
  const where = checkCondition(draft.where, scope, report);
  const groupBy = checkGroupBy(draft.groupBy, scope, report);
  const checked = checkColumns(draft.columns, { scope, groupBy }, report);
  const checks = checkChecks(draft.checks, checked, { scope, groupBy }, report);
  const sink = checkSink(draft, checked.names, report);
  checkState(draft, report);
  if (report.failed()) return null;
  const from = relations.get(names.root);
  const { metric, sources, description } = draft;
  invariant(metric && sources && from && sink, 'a draft without findings is whole');
  return {
    metric: metric.text,
    description,
    sources: sources.map(declarationOf),
    relations: [...relations.values()],
    from,
    joins: joins.map((join) => withRelation(join, relations)),
    where,
    groupBy,
    columns: checked.columns,
    checks,
    sink,
    state: draft.state,
    file: report.file,
    text: report.text,
  };
}

/** The tables by alias and the root among them; a root that is not declared is a finding. */
function namesOf({ from, tables: drafts }: Draft, report: Report): Names {
  const tables = drafts && new Map(drafts.map((table) => [table.alias.text, table]));
  const known = [...(tables?.keys() ?? [])];
  if (!from || !tables || tables.has(from.text)) return { tables, root: from?.text ?? '', text: report.text };
  report.add('UNKNOWN_TABLE', { name: from.text }, from.span, suggestion(from.text, known));
  return { tables, root: nearest(from.text, known) ?? from.text, text: report.text };
}

function withRelation(
  { alias, ...join }: CheckedJoin,
  relations: ReadonlyMap<string, RelationDeclaration>,
): JoinDeclaration {
  const relation = relations.get(alias);
  invariant(relation, 'a join without findings brings a declared table');
  return { ...join, relation };
}
