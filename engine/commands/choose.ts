import { plural } from '../diagnostic/quantity.ts';
import { type Findings, tableNamed } from '../infer/infer.ts';
import { equalityText, matchText } from '../infer/join-lines.ts';
import type { Known, Link } from '../infer/link.ts';
import { type Choice, propose } from '../infer/propose.ts';
import { treeFrom } from '../infer/tree.ts';

/** Asks somebody at a terminal, who answers with a line; null where they are gone. */
export type Ask = (question: string) => Promise<string | null>;

export interface Deciding {
  /** The table that is named as the root; null where nobody names one. */
  readonly root: string | null;
  /** Null where nobody can be asked: then the root is the table that reaches most others, and no join is refused. */
  readonly ask: Ask | null;
}

/** Decides on the root and on the joins. Null where who was asked is gone; throws an EtlError for a root that is not there. */
export async function choose(found: Findings, { root: name, ask }: Deciding): Promise<Omit<Choice, 'metric'> | null> {
  const named = name === null ? null : tableNamed(found, name);
  const root = named ?? (ask && found.tables.length > 1 ? await askRoot(found, ask) : found.root);
  if (root === null || ask === null) return root && { root, refused: new Set() };
  const refused = await askJoins(found, root, ask);
  return refused && { root, refused };
}

/** Asks again until it is a number of the list; nothing is the first one. */
async function askRoot(found: Findings, ask: Ask): Promise<Known | null> {
  const tables = [found.root, ...found.tables.filter((known) => known !== found.root)];
  const lines = tables.map((known, n) => {
    const reached = treeFrom(known, found.links).length;
    return `  ${n + 1}  ${known.table.name}   ${plural(known.rows.length, 'row')}, ${plural(reached, 'other table')} can be joined`;
  });
  const question = `Each row of the metric is a row of which table?\n${lines.join('\n')}\n[1] `;
  for (;;) {
    const answer = await ask(question);
    const place = answer?.trim() === '' ? 1 : Number(answer);
    const chosen = answer === null ? null : tables[place - 1];
    if (chosen !== undefined) return chosen;
  }
}

/** Asks for each join; where one is refused, what could stand in its place is asked for next. */
async function askJoins(found: Findings, root: Known, ask: Ask): Promise<ReadonlySet<Link> | null> {
  const [taken, refused] = [new Set<Link>(), new Set<Link>()];
  for (;;) {
    const { joins, aliasOf } = propose(found, { root, refused, metric: null });
    const next = joins.find(({ link }) => !taken.has(link));
    if (next === undefined) return refused;
    const { kind, link } = next;
    const text = `Join ${kind === 'left' ? 'left: ' : ''}${equalityText(link, aliasOf)}   ${matchText(link)}`;
    const answer = await ask(`${text}\n[Y/n] `);
    if (answer === null) return null;
    if (/^\s*n/i.test(answer)) refused.add(link);
    else taken.add(link);
  }
}
