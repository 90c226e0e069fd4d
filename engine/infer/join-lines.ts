import { count, plural } from '../diagnostic/quantity.ts';
import { type Line, percent } from './line.ts';
import type { Known, Link } from './link.ts';
import { pathText } from './path-text.ts';
import type { Proposal, ProposedJoin } from './propose.ts';
import { comment, lineScalar } from './scalar.ts';

/** Other links to a table that are shown. */
const MOST_OTHERS = 3;

/** What stands under `join` for one of them, and below it, as comments, what could stand there instead. */
export function joinLines({ link, kind, others }: ProposedJoin, aliasOf: Proposal['aliasOf']): readonly Line[] {
  const text = lineScalar(equalityText(link, aliasOf));
  const shown = others.slice(0, MOST_OTHERS);
  return [
    [kind === 'inner' ? `  - ${text}` : `  - left: ${text}`, matchText(link)],
    ...shown.map((each): Line => [`  # or: ${comment(equalityText(each, aliasOf))}`, matchText(each)]),
  ];
}

/** `a.x = b.y`. */
export function equalityText({ from, column, to, partner }: Link, aliasOf: (known: Known) => string): string {
  return `${pathText(aliasOf(from), column)} = ${pathText(aliasOf(to), partner)}`;
}

/** How many rows of the sample find their partner. */
export function matchText({ matched, rows, filled }: Link): string {
  const nulls = filled < rows ? `, ${(rows - filled).toLocaleString('en')} have a NULL key` : '';
  return `${percent(matched, rows)}: ${count(matched)} of ${plural(rows, 'row')}${nulls}`;
}
