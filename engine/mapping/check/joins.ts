/**
 * Each join brings one table that no join before it has, by equalities between it and those before it.
 *
 * Of the tables that a join with a mistake speaks of it is not known whether they are there from now on. Nothing is said
 * of them any more: that the join fails is one finding, and what follows from it is none.
 */
import type { Span } from '../../diagnostic/diagnostic.ts';
import { hints } from '../../diagnostic/messages.ts';
import type { Draft, JoinDraft } from '../draft.ts';
import type { JoinDeclaration } from '../mapping.ts';
import type { Report } from '../report.ts';
import { aliasesIn, aliasesOf, type Equality, equalitiesOf } from './equalities.ts';
import type { Names, Scope } from './scope.ts';

/** A join whose table is known by alias. */
export interface CheckedJoin extends Omit<JoinDeclaration, 'relation'> {
  readonly alias: string;
}

/** The tables that stand before a join. */
interface Standing {
  readonly joined: Set<string>;
  readonly doubtful: Set<string>;
}

/** The joins that are right; and findings about the others, and about tables that no join brings. */
export function checkJoins(draft: Draft, names: Names, scope: Scope, report: Report): CheckedJoin[] {
  const rootKnown = draft.from !== null && names.tables?.has(names.root);
  const standing: Standing = {
    joined: new Set([names.root]),
    doubtful: new Set(rootKnown ? [] : names.tables?.keys()),
  };
  const joins = draft.joins.flatMap((join) => (join && checkJoin(join, standing, names, scope, report)) ?? []);
  if (draft.joins.includes(null)) return joins;
  for (const { alias } of draft.tables ?? []) {
    const stands = standing.joined.has(alias.text) || standing.doubtful.has(alias.text);
    if (!stands) report.add('UNJOINED_TABLE', { name: alias.text }, alias.span);
  }
  return joins;
}

function checkJoin(
  { kind, on, expect }: JoinDraft,
  standing: Standing,
  names: Names,
  scope: Scope,
  report: Report,
): CheckedJoin | null {
  const equalities = on.parsed && equalitiesOf(on.parsed, scope, report);
  const alias = equalities && broughtBy(equalities, standing, on.span, report);
  if (equalities && alias !== null) {
    standing.joined.add(alias);
    return { kind, alias, on: equalities.map((each) => turned(each, alias)), expect, span: on.span };
  }
  for (const spokenOf of equalities ? aliasesOf(equalities) : aliasesIn(on, names)) standing.doubtful.add(spokenOf);
  return null;
}

/** The one alias that is new in these equalities; null after a finding, and where that is in doubt. */
function broughtBy(
  equalities: readonly Equality[],
  { joined, doubtful }: Standing,
  span: Span,
  report: Report,
): string | null {
  const fresh = [...aliasesOf(equalities)].filter((alias) => !joined.has(alias));
  const [alias, ...others] = fresh;
  if (fresh.some((each) => doubtful.has(each)) || reportsToItself(equalities, report)) return null;
  if (alias === undefined) {
    report.add('JOIN_BRINGS_NONE', undefined, span, hints.joinOnce);
    return null;
  }
  if (others.length > 0) {
    report.add('JOIN_BRINGS_TWO', { names: fresh }, span, hints.joinEarlier);
    return null;
  }
  const elsewhere = equalities.filter(({ left, right }) => left.alias !== alias && right.alias !== alias);
  for (const { text, span } of elsewhere) report.add('JOIN_WITHOUT_NEW_TABLE', { text, name: alias }, span);
  return elsewhere.length > 0 ? null : alias;
}

function reportsToItself(equalities: readonly Equality[], report: Report): boolean {
  const toItself = equalities.filter(({ left, right }) => left.alias === right.alias);
  for (const { text, left, span } of toItself) report.add('JOIN_TO_ITSELF', { text, name: left.alias }, span);
  return toItself.length > 0;
}

/** With the table that is brought on the right side. */
function turned({ left, right }: Equality, alias: string): JoinDeclaration['on'][number] {
  return left.alias === alias ? { left: right, right: left } : { left, right };
}
