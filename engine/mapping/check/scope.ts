import type { Type } from '../../change.ts';
import { hints } from '../../diagnostic/messages.ts';
import { suggestion } from '../../diagnostic/suggest.ts';
import type { ColumnLeaf, ColumnPath, JsonPathLeaf, PathLeaf, Segment } from '../../expression/expression.ts';
import { typeOfPath } from '../../expression/paths.ts';
import { type ExpressionProblem, problem } from '../../expression/problem.ts';
import type { TableDraft } from '../draft.ts';

/** What the paths of an expression can name, and what type that has where the mapping tells it. */
export interface Scope {
  resolve(leaf: PathLeaf | JsonPathLeaf): ColumnLeaf | ExpressionProblem;
  typeOf(alias: string, path: ColumnPath): Type | null;
}

/** The tables that paths can begin with. */
export interface Names {
  /** Null where the mapping declares none that can be read: then every name is taken for a table. */
  readonly tables: ReadonlyMap<string, TableDraft> | null;
  /** Whose row the facts of the source are about. */
  readonly root: string;
  /** The mapping's text, in which a quoted name is told from another. */
  readonly text: string;
}

const FACTS = ['file', 'position', 'read_at'] as const;

/** Over the joined row: `alias.column`, and `source.file` is a fact about the root's row. */
export function metricScope(names: Names): Scope {
  const known = names.tables && [...names.tables.keys()];
  return scope(names, (path) => {
    const [first, second] = path.segments;
    const name = String(first?.name);
    if (isFactPath(path, names)) return factOf(path, names.root);
    if (known && !known.includes(name)) return unknownTable(path, known, names.text);
    if (typeof second?.name !== 'string') return problem('PATH_WITHOUT_COLUMN', { name }, path.span);
    return columnOf(path, name, path.segments.slice(1));
  });
}

/** Over a row of one table: `column`, with or without the table's own alias before it. */
export function tableScope(own: string, names: Names): Scope {
  return scope(names, (path) => {
    const [first] = path.segments;
    const name = String(first?.name);
    if (isFactPath(path, names)) return factOf(path, own);
    if (path.segments.length === 1 || (name !== own && !names.tables?.has(name)))
      return columnOf(path, own, path.segments);
    if (name === own) return columnOf(path, own, path.segments.slice(1));
    const hint = hints.ownTable(own, textOf(path, names.text));
    return problem('FOREIGN_PATH', { name, alias: own }, first?.span ?? path.span, hint);
  });
}

function scope(names: Names, resolve: (path: PathLeaf) => ColumnLeaf | ExpressionProblem): Scope {
  return {
    resolve: (leaf) => {
      if (leaf.kind === 'path') return resolve(leaf);
      const of = resolve(leaf.of);
      return 'code' in of ? of : insideOf(of, leaf);
    },
    typeOf: (alias, path) => typeOfPath(path, names.tables?.get(alias)?.types),
  };
}

/** `jsonpath` looks into a column: not into a fact, and not from a place inside the column. */
function insideOf(of: ColumnLeaf, { query, span }: JsonPathLeaf): ColumnLeaf | ExpressionProblem {
  const { path, alias } = of;
  if (path.kind !== 'nested' || path.steps.length > 0) return problem('JSONPATH_ARGUMENTS', undefined, span);
  return { kind: 'column', alias, path: { kind: 'jsonpath', column: path.column, query }, span };
}

function columnOf(path: PathLeaf, alias: string, [column, ...steps]: readonly Segment[]): ColumnLeaf {
  const nested = { kind: 'nested', column: String(column?.name), steps: steps.map((step) => step.name) } as const;
  return { kind: 'column', alias, path: nested, span: path.span };
}

/** `source.` begins a fact, unless it is quoted or (which is a finding of its own) a table. */
function isFactPath({ segments }: PathLeaf, { tables, text }: Names): boolean {
  const [first] = segments;
  return segments.length > 1 && first?.name === 'source' && !tables?.has('source') && !isQuoted(first, text);
}

function factOf(path: PathLeaf, alias: string): ColumnLeaf | ExpressionProblem {
  const [, second, ...rest] = path.segments;
  const fact = FACTS.find((each) => each === second?.name);
  if (fact && rest.length === 0) return { kind: 'column', alias, path: { kind: 'fact', fact }, span: path.span };
  const name = path.segments.map((segment) => segment.name).join('.');
  const hint = suggestion(
    name,
    FACTS.map((each) => `source.${each}`),
  );
  return problem('UNKNOWN_FACT', { name }, path.span, hint);
}

function unknownTable(path: PathLeaf, known: readonly string[], text: string): ExpressionProblem {
  const [first] = path.segments;
  const name = String(first?.name);
  const span = first?.span ?? path.span;
  if (path.segments.length > 1) return problem('UNKNOWN_TABLE', { name }, span, suggestion(name, known));
  const hint = first && isQuoted(first, text) ? hints.singleQuotes(name) : undefined;
  return problem('PATH_WITHOUT_TABLE', { name }, span, hint);
}

/** In a text that YAML has in double quotes, a quote has a backslash before it. */
function isQuoted({ span }: Segment, text: string): boolean {
  return /^\\?"/.test(text.slice(span.start, span.end));
}

function textOf({ span }: PathLeaf, text: string): string {
  return text.slice(span.start, span.end);
}
