/** From what was found in a sample to what a mapping says. */
import { basename } from 'node:path';
import { isOneTable } from '../mapping/format.ts';
import type { Source } from '../source/read.ts';
import type { Findings } from './infer.ts';
import type { Known, Link } from './link.ts';
import { isReverse, treeFrom } from './tree.ts';

export interface Proposal {
  readonly metric: string;
  readonly source: Source;
  readonly changes: number;
  readonly isWhole: boolean;
  readonly root: ProposedTable;
  /** In the order in which they are joined, the root first. */
  readonly tables: readonly ProposedTable[];
  readonly joins: readonly ProposedJoin[];
  /** What nothing joins to the root, and the link that is nearest to doing so. */
  readonly others: readonly ProposedTable[];
  readonly near: ReadonlyMap<Known, Link>;
  readonly aliasOf: (known: Known) => string;
}

export interface ProposedTable {
  readonly alias: string;
  readonly known: Known;
}

export interface ProposedJoin {
  /** Inner where most rows have a partner: then the others are taken for mistakes, else for rows that need none. */
  readonly kind: 'inner' | 'left';
  readonly link: Link;
  /** Other links that lead to the same table. */
  readonly others: readonly Link[];
}

/** What somebody decided. */
export interface Choice {
  readonly root: Known;
  readonly metric: string | null;
  readonly refused: ReadonlySet<Link>;
}

/** An inner join is proposed where so many rows have a partner. */
const MOST_ROWS = 0.9;

export function propose(found: Findings, { root, metric, refused }: Choice): Proposal {
  const links = found.links.filter((link) => !refused.has(link));
  const joins: ProposedJoin[] = [];
  for (const branch of treeFrom(root, links)) joins.push({ ...branch, kind: kindOf(branch.link, joins) });
  const aliases = aliasesOf(found);
  const aliasOf = (known: Known): string => aliases.get(known) ?? known.table.name;
  const proposed = (known: Known): ProposedTable => ({ known, alias: aliasOf(known) });
  const joined = [root, ...joins.map(({ link }) => link.to)];
  const { changes, isWhole } = found;
  const others = found.tables.filter((known) => !joined.includes(known));
  const isKeyless = joined.some(({ key }) => key.columns.length === 0);
  return {
    metric: metric ?? `${identifier(proposed(root).alias)}_metric`,
    source: isKeyless && found.source.mode === 'upsert' ? { ...found.source, mode: 'snapshot' } : found.source,
    changes,
    isWhole,
    root: proposed(root),
    tables: joined.map(proposed),
    joins,
    others: others.map(proposed),
    near: new Map(others.flatMap((known) => nearestOf(known, joined, found.links))),
    aliasOf,
  };
}

/** The link between a table and those that are joined, either way, by which most rows find a partner. */
function nearestOf(
  known: Known,
  joined: readonly Known[],
  links: readonly Link[],
): readonly (readonly [Known, Link])[] {
  const between = links.filter(
    ({ from, to }) => (to === known && joined.includes(from)) || (from === known && joined.includes(to)),
  );
  const [best] = between.toSorted((a, b) => b.matched / b.rows - a.matched / a.rows);
  return best ? [[known, best]] : [];
}

/** Behind a left join an inner one would drop the rows that the left one keeps. */
function kindOf(link: Link, before: readonly ProposedJoin[]): ProposedJoin['kind'] {
  const isBehindLeft = before.some(({ kind, link: { to } }) => kind === 'left' && to === link.from);
  const isMost = link.matched >= MOST_ROWS * link.rows;
  return isMost && !isBehindLeft && !isReverse(link) ? 'inner' : 'left';
}

/** The name of each table, which no other one has; `source` begins a fact. */
function aliasesOf({ tables, source }: Findings): ReadonlyMap<Known, string> {
  const taken = new Set(['source']);
  const aliases = new Map<Known, string>();
  for (const known of tables) {
    const { schema, name } = known.table;
    const first = isOneTable(source.format) ? tableAt(source.path) : name;
    const alias = free([first, `${schema ?? 'log'}_${first}`], (each) => taken.has(each));
    taken.add(alias);
    aliases.set(known, alias);
  }
  return aliases;
}

/** The first name that is not taken, or the last one with a number. */
export function free(names: readonly string[], isTaken: (name: string) => boolean): string {
  const found = names.find((name) => !isTaken(name));
  if (found !== undefined) return found;
  let n = 2;
  while (isTaken(`${names.at(-1)}_${n}`)) n++;
  return `${names.at(-1)}_${n}`;
}

/** What rows of a file are called: by its name, without what tells one file of many. */
function tableAt(path: string): string {
  const [name = ''] = basename(path).split('.');
  return identifier(name).replace(/(?:_+\d+)+$/, '') || 'row';
}

/** A name of letters, digits and `_` that no database keeps for itself. */
function identifier(name: string): string {
  const word = name
    .replace(/[^A-Za-z0-9_]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .replace(/^(?=\d)|^(?=sqlite_)/i, '_');
  return word || 'log';
}
