import { hints } from '../../diagnostic/messages.ts';
import { suggestion } from '../../diagnostic/suggest.ts';
import type { Expression } from '../../expression/expression.ts';
import { printExpression } from '../../expression/print.ts';
import { inferTypes } from '../../expression/type/type.ts';
import type { CheckDraft, Draft, Name, SourceDraft, TableDraft } from '../draft.ts';
import { isOneTable } from '../format.ts';
import type { Check, RelationDeclaration, SourceDeclaration } from '../mapping.ts';
import type { Report } from '../report.ts';
import { checkCondition, checkExpression, fitting } from './expression.ts';
import { checkKeep } from './keep.ts';
import { type Names, type Scope, tableScope } from './scope.ts';

/** What is declared under `tables`, by alias. A table whose source or `where` has a mistake is left out. */
export function checkTables(draft: Draft, names: Names, report: Report): ReadonlyMap<string, RelationDeclaration> {
  reportUnusedSources(draft, report);
  const relations = (draft.tables ?? []).flatMap((table) => checkTable(table, draft.sources, names, report) ?? []);
  return new Map(relations.map((relation) => [relation.alias, relation]));
}

export function declarationOf({ name, format, path, query, mode }: SourceDraft): SourceDeclaration {
  return { name: name.text, format, path, query, mode, metric: null, span: name.span };
}

function checkTable(
  table: TableDraft,
  sources: readonly SourceDraft[] | null,
  names: Names,
  report: Report,
): RelationDeclaration | null {
  const { alias, schema, tables, types } = table;
  if (alias.text === 'source') report.add('RESERVED_NAME', { name: alias.text, owner: 'facts' }, alias.span);
  reportRepeated(table.key, 'key', report);
  const source = sources && sourceOf(table, sources, report);
  if (source) reportUnfit(table, source, report);
  const scope = tableScope(alias.text, names);
  const version = checkVersion(table, scope, report);
  const where = checkCondition(table.where, scope, report);
  const checks = table.checks.flatMap((check) => checkOf(check, scope, report) ?? []);
  const keep = checkKeep(table.keep, scope, report);
  if (!source || (table.where && !where)) return null;
  const key = table.key.map((column) => column.text);
  const one = isOneTable(source.format);
  return {
    alias: alias.text,
    source,
    schema,
    tables: one ? ['*'] : tables,
    key,
    version,
    types,
    where,
    checks,
    keep,
    span: alias.span,
  };
}

/** A version is compared with others of its kind. Null where there is none, and after a finding. */
function checkVersion({ alias, key, version }: TableDraft, scope: Scope, report: Report): Expression | null {
  if (version && key.length === 0) report.add('KEYLESS_VERSION', { alias: alias.text }, version.span);
  const of = version && checkExpression(version, scope, report, '"version"');
  const order = of && ({ kind: 'binary', op: '<', left: of, right: of, span: of.span } as const);
  return order && fitting(of, inferTypes(order, scope.typeOf), report);
}

/** Null after a finding. */
function checkOf(draft: CheckDraft | null, scope: Scope, report: Report): Check | null {
  const expression = draft && checkCondition(draft.expression, scope, report, 'a check');
  if (!expression) return null;
  return { expression, text: printExpression(expression), onFail: draft.onFail, span: draft.expression.span };
}

/** Reports what a table says that its source can't do. */
function reportUnfit({ alias, named, key }: TableDraft, { format, mode }: SourceDeclaration, report: Report): void {
  if (named && isOneTable(format)) report.add('ONE_TABLE', { format: format.kind, name: named.key }, named.keySpan);
  if (key.length === 0 && format.kind === 'table') report.add('KEYLESS_TABLE', { alias: alias.text }, alias.span);
  else if (key.length === 0 && mode === 'upsert')
    report.add('KEYLESS_UPSERT', { alias: alias.text }, alias.span, hints.keylessMode);
}

/** The source that a table names, or the only one there is; null after a finding. */
function sourceOf(table: TableDraft, sources: readonly SourceDraft[], report: Report): SourceDeclaration | null {
  const { alias, source } = table;
  const [only, ...others] = sources;
  const found = source ? sources.find(({ name }) => name.text === source.text) : others.length === 0 ? only : undefined;
  if (found) return declarationOf(found);
  const names = sources.map(({ name }) => name.text);
  if (source) report.add('UNKNOWN_SOURCE', { name: source.text }, source.span, suggestion(source.text, names));
  else
    report.add('MISSING_KEY', { name: 'source', of: { key: alias.text, item: false } }, alias.span, hints.known(names));
  return null;
}

/** Not where some table's source is missing or misspelled: it may be the one. */
function reportUnusedSources({ sources, tables }: Draft, report: Report): void {
  if (!sources || !tables || sources.length === 1) return;
  const used = new Set(tables.map((table) => table.source?.text));
  const unused = sources.filter(({ name }) => !used.has(name.text));
  const allKnown = used.size === sources.length - unused.length;
  for (const { name } of allKnown ? unused : []) report.add('UNUSED_SOURCE', { name: name.text }, name.span);
}

/** Reports a column that is listed twice. */
export function reportRepeated(columns: readonly Name[], of: string, report: Report): void {
  const seen = new Set<string>();
  for (const { text: name, span } of columns) {
    if (seen.has(name)) report.add('REPEATED_COLUMN', { name, of }, span);
    seen.add(name);
  }
}
