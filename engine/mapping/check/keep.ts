import type { ColumnPath } from '../../expression/expression.ts';
import type { TableDraft } from '../draft.ts';
import type { Report } from '../report.ts';
import { checkExpression } from './expression.ts';
import type { Scope } from './scope.ts';

/** What is kept of a table though nothing uses it: its columns, and places in them. One with a mistake is left out. */
export function checkKeep(drafts: TableDraft['keep'], scope: Scope, report: Report): 'all' | readonly ColumnPath[] {
  if (drafts === 'all') return 'all';
  return drafts.flatMap((draft) => {
    const kept = draft && checkExpression(draft, scope, report, '"keep"');
    if (kept && kept.kind !== 'column') report.add('KEEP_NOT_A_PATH', { text: draft.text }, kept.span);
    return kept?.kind === 'column' ? [kept.path] : [];
  });
}
