import { parse } from 'yaml';
import type { OracleType } from './datum.ts';
import type { Node } from './node.ts';
import { parseExpression } from './parse.ts';

export interface OracleMapping {
  readonly from: string;
  readonly tables: ReadonlyMap<string, OracleTable>;
  readonly joins: readonly OracleJoin[];
  readonly where: Node | null;
  /** Null where the metric is no aggregate. */
  readonly groups: readonly Node[] | null;
  readonly columns: readonly OracleColumn[];
  /** The checks of the metric's rows that reject one, over its columns. */
  readonly rejects: readonly Node[];
}

export interface OracleTable {
  readonly schema: string;
  /** Names, or patterns with `*`. */
  readonly tables: readonly string[];
  /** Empty where the table has no key. */
  readonly key: readonly string[];
  /** What orders the changes of a key; null where they come in order. */
  readonly version: Node | null;
  /** The columns that the mapping asks for anywhere. */
  readonly used: ReadonlySet<string>;
  readonly types: ReadonlyMap<string, OracleType>;
  readonly where: Node | null;
  /** The checks that reject a row; the others leave it where it is. */
  readonly rejects: readonly Node[];
}

export interface OracleJoin {
  readonly kind: 'inner' | 'left';
  readonly alias: string;
  /** `left` is of an alias before this join, `right` of the one it brings. */
  readonly on: readonly { readonly left: Segments; readonly right: Segments }[];
}

export interface OracleColumn {
  readonly name: string;
  readonly node: Node;
}

export type Segments = readonly (string | number)[];

type Yaml = ReadonlyMap<string, unknown>;

/** Reads a mapping that is known to be right. */
export function readMapping(yaml: string): OracleMapping {
  const document = parse(yaml, { mapAsMap: true }) as Yaml;
  const tables = [...(document.get('tables') as ReadonlyMap<unknown, Yaml>)];
  const from = String(document.get('from'));
  const asked = pathsIn(['join', 'where', 'group_by', 'columns'].map((name) => document.get(name)));
  return {
    from,
    tables: new Map(tables.map(([alias, table]) => [String(alias), readTable(String(alias), table, asked)])),
    joins: readJoins(from, (document.get('join') ?? []) as readonly unknown[]),
    where: readFilter(document.get('where')),
    groups:
      (document.get('group_by') as readonly unknown[] | undefined)?.map((each) => parseExpression(String(each))) ??
      null,
    columns: (document.get('columns') as readonly unknown[]).map(readColumn),
    rejects: readRejects(document.get('checks')),
  };
}

function readTable(alias: string, table: Yaml, asked: readonly Segments[]): OracleTable {
  const own = pathsIn(['version', 'where', 'checks'].map((name) => table.get(name)));
  const columns = own.map((path) => (path.length > 1 && path[0] === alias ? path[1] : path[0]));
  return {
    version: readFilter(table.get('version')),
    used: new Set([...columns, ...asked.filter(([first]) => first === alias).map(([, column]) => column)].map(String)),
    schema: String(table.get('schema') ?? 'public'),
    tables: listOf(table.get('table') ?? alias),
    key: listOf(table.get('key')),
    types: new Map((table.get('types') as ReadonlyMap<string, OracleType> | undefined) ?? []),
    where: readFilter(table.get('where')),
    rejects: readRejects(table.get('checks')),
  };
}

function readRejects(checks: unknown): Node[] {
  return ((checks ?? []) as readonly Yaml[])
    .filter((check) => check.get('on_fail') === 'reject')
    .map((check) => parseExpression(String(check.get('expr'))));
}

function listOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map(String);
}

/** The paths of all expressions in a part of a mapping. What is no expression there is a word, and passes for a path. */
function pathsIn(part: unknown): Segments[] {
  if (part instanceof Map) return [...part].flatMap(([key, each]) => (NO_EXPRESSIONS.has(key) ? [] : pathsIn(each)));
  if (Array.isArray(part)) return part.flatMap(pathsIn);
  return part === undefined ? [] : pathsOf(parseExpression(String(part)));
}

const NO_EXPRESSIONS: ReadonlySet<unknown> = new Set(['name', 'type', 'on_fail', 'expect']);

function pathsOf(node: unknown): Segments[] {
  if (typeof node !== 'object' || node === null) return [];
  if ('kind' in node && node.kind === 'path') return [(node as Extract<Node, { kind: 'path' }>).segments];
  return Object.values(node).flatMap(pathsOf);
}

function readFilter(value: unknown): Node | null {
  return value === undefined ? null : parseExpression(String(value));
}

function readJoins(from: string, lines: readonly unknown[]): OracleJoin[] {
  const known = new Set([from]);
  return lines.map((line) => {
    const [kind, source] = line instanceof Map ? joinOfMap(line) : (['inner', String(line)] as const);
    const sides = equalities(parseExpression(source));
    const alias = String(sides.flat().find(([first]) => !known.has(String(first)))?.[0]);
    known.add(alias);
    return {
      kind,
      alias,
      on: sides.map(([one, other]) => (one[0] === alias ? { left: other, right: one } : { left: one, right: other })),
    };
  });
}

function joinOfMap(line: Yaml): readonly ['inner' | 'left', string] {
  return line.has('left') ? ['left', String(line.get('left'))] : ['inner', String(line.get('inner'))];
}

function equalities(node: Node): (readonly [Segments, Segments])[] {
  if (node.kind === 'binary' && node.op === 'and') return [...equalities(node.left), ...equalities(node.right)];
  if (node.kind === 'binary' && node.op === '=' && node.left.kind === 'path' && node.right.kind === 'path') {
    return [[node.left.segments, node.right.segments]];
  }
  throw new SyntaxError('a join line is no list of equalities');
}

function readColumn(column: unknown): OracleColumn {
  if (!(column instanceof Map)) {
    const node = parseExpression(String(column));
    return { name: node.kind === 'path' ? String(node.segments.at(-1)) : '', node };
  }
  const node = parseExpression(String(column.get('expr')));
  const type = column.get('type') as OracleType | undefined;
  return { name: String(column.get('name')), node: type ? { kind: 'cast', operand: node, type } : node };
}
