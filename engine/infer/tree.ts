/**
 * Which tables a metric joins to its root, and by which links.
 *
 * The tree grows level by level: a table is joined as near to the root as a good link leads to it, for each table in
 * between would lose rows of its own. Of several links to it the best one is taken:
 *
 * - one whose names say so, rather than its values alone;
 * - one that says something of those two tables, rather than that both refer to the same third one;
 * - one that refers to the other table, rather than one that the other table refers by;
 * - the one whose names are more alike; by which more rows find a partner, counted in tenths; that leads to the key;
 * - the one from the table that refers to most others.
 */
import { isGood, type Known, type Link } from './link.ts';

/** A link that is taken, and those that could have been in its place, the best first. */
export interface Branch {
  readonly link: Link;
  readonly others: readonly Link[];
}

/** All that can be joined to a root. Links that are refused are no more. */
export function treeFrom(root: Known, links: readonly Link[]): readonly Branch[] {
  const good = links.filter(isGood);
  const better = comparing(good);
  const joined = new Set([root]);
  const branches: Branch[] = [];
  for (;;) {
    const next = good.filter(({ from, to }) => joined.has(from) && !joined.has(to)).toSorted(better);
    if (next.length === 0) return branches;
    for (const link of next) {
      if (joined.has(link.to)) continue;
      joined.add(link.to);
      branches.push({ link, others: next.filter((each) => each !== link && each.to === link.to) });
    }
  }
}

/** The table from which most others are reached; of several the one that refers to most, then that of most rows. */
export function rootOf(tables: readonly Known[], links: readonly Link[]): Known | null {
  const forward = links.filter((link) => !isReverse(link));
  const measures = new Map(
    tables.map((known) => [known, [treeFrom(known, forward).length, references(known, links), known.rows.length]]),
  );
  const measured = (a: Known, b: Known): number => {
    const [left, right] = [measures.get(a) ?? [], measures.get(b) ?? []];
    return left.map((measure, n) => (right[n] ?? 0) - measure).find((difference) => difference !== 0) ?? 0;
  };
  return tables.toSorted(measured)[0] ?? null;
}

/** Whether the reference goes the other way: each row has one partner, as far as the sample goes. */
export function isReverse({ isFromKey, isToKey }: Link): boolean {
  return isFromKey && !isToKey;
}

/** How many tables a table refers to by their keys. */
function references(known: Known, links: readonly Link[]): number {
  return new Set(links.filter((link) => link.from === known && link.isToKey && isGood(link)).map(({ to }) => to)).size;
}

function comparing(links: readonly Link[]): (a: Link, b: Link) => number {
  const measures = new Map(links.map((link) => [link, measuresOf(link, links)]));
  return (a, b) => {
    const [left, right] = [measures.get(a) ?? [], measures.get(b) ?? []];
    return left.map((measure, n) => (right[n] ?? 0) - measure).find((difference) => difference !== 0) ?? 0;
  };
}

/** What speaks for a link, the weightiest first. */
function measuresOf(link: Link, links: readonly Link[]): readonly number[] {
  const part = link.matched / Math.max(1, link.rows);
  return [
    link.likeness >= 2 ? 1 : 0,
    isByThird(link, links) ? 0 : 1,
    isReverse(link) ? 0 : 1,
    link.likeness,
    Math.floor(part * 10),
    link.isToKey ? 1 : 0,
    part,
    references(link.from, links),
  ];
}

/** Whether both columns hold the key of one third table: then they say that, and nothing of each other. */
function isByThird({ from, column, to, partner, isToKey }: Link, links: readonly Link[]): boolean {
  if (isToKey) return false;
  const keysOf = (known: Known, name: string) =>
    links.filter((link) => link.from === known && link.column === name && link.isToKey && link.likeness === 3);
  const own = keysOf(from, column).map((link) => link.to);
  return keysOf(to, partner).some((link) => own.includes(link.to));
}
