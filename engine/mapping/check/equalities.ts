import type { Span } from '../../diagnostic/diagnostic.ts';
import { hints } from '../../diagnostic/messages.ts';
import { nearest } from '../../diagnostic/suggest.ts';
import type { ColumnLeaf, Expression, ParsedExpression } from '../../expression/expression.ts';
import { type AnyExpression, childrenOf, columnsOf, resolvePaths } from '../../expression/paths.ts';
import type { Written } from '../draft.ts';
import type { Report } from '../report.ts';
import type { Names, Scope } from './scope.ts';

/** `a.x = b.y`, as written. */
export interface Equality {
  readonly left: ColumnLeaf;
  readonly right: ColumnLeaf;
  readonly span: Span;
  readonly text: string;
}

/** The equalities that `and` combines to a join; null after a finding. */
export function equalitiesOf(parsed: ParsedExpression, scope: Scope, report: Report): Equality[] | null {
  const parts = conjuncts(parsed).map((part) => equalityOf(part, scope, report));
  return parts.includes(null) ? null : parts.filter((part) => part !== null);
}

export function aliasesOf(equalities: readonly Equality[]): Set<string> {
  return new Set(equalities.flatMap(({ left, right }) => [left.alias, right.alias]));
}

/** The tables that a join with a mistake seems to speak of, misspelled ones included. */
export function aliasesIn({ parsed, text }: Written, { tables }: Names): string[] {
  const known = [...(tables?.keys() ?? [])];
  const spokenOf = parsed ? firstSegments(parsed) : wordsBeforeDots(text);
  return spokenOf.flatMap((name) => (known.includes(name) ? name : (nearest(name, known) ?? [])));
}

function firstSegments(expression: AnyExpression): string[] {
  if (expression.kind === 'path') return [String(expression.segments[0]?.name)];
  return childrenOf(expression).flatMap(firstSegments);
}

function wordsBeforeDots(text: string): string[] {
  return Array.from(text.matchAll(/([\p{L}_][\p{L}\p{N}_$]*|"(?:[^"]|"")*")\s*\./gu), ([, word = '']) =>
    word.startsWith('"') ? word.slice(1, -1).replaceAll('""', '"') : word,
  );
}

function conjuncts(parsed: ParsedExpression): ParsedExpression[] {
  const isAnd = parsed.kind === 'binary' && parsed.op === 'and';
  return isAnd ? [...conjuncts(parsed.left), ...conjuncts(parsed.right)] : [parsed];
}

function equalityOf(parsed: ParsedExpression, scope: Scope, report: Report): Equality | null {
  const resolved = resolvePaths(parsed, scope.resolve);
  if ('problems' in resolved) {
    report.addProblems(resolved.problems);
    return null;
  }
  const { expression } = resolved;
  const { span } = expression;
  const text = report.text.slice(span.start, span.end).replace(/\s+/g, ' ');
  const sides = expression.kind === 'binary' && expression.op === '=' ? [expression.left, expression.right] : [];
  const [left, right] = sides.filter(isColumn);
  if (left && right) return { left, right, span, text };
  report.add('BAD_JOIN', { text }, span, isFilter(expression) ? hints.filterOfTable : undefined);
  return null;
}

/** A fact of the source joins nothing. */
function isColumn(expression: Expression): expression is ColumnLeaf {
  return expression.kind === 'column' && expression.path.kind !== 'fact';
}

function isFilter(expression: Expression): boolean {
  return new Set(columnsOf(expression).map((leaf) => leaf.alias)).size <= 1;
}
