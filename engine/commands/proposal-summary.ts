import { plural } from '../diagnostic/quantity.ts';
import { equalityText, matchText } from '../infer/join-lines.ts';
import type { Proposal } from '../infer/propose.ts';

/** What a mapping that was written says, in a few lines. */
export function summarizeProposal(proposal: Proposal, file: string): string {
  const { source, changes, isWhole, root, joins, others, aliasOf } = proposal;
  const read = isWhole ? plural(changes, 'change') : `the first ${plural(changes, 'change')}`;
  const lines = [
    line('read', [source.path, source.format.kind, read].join('   ')),
    line('root', `${root.alias}   ${plural(root.known.rows.length, 'row')}`),
    ...joins.map(({ kind, link }, n) =>
      line(
        n === 0 ? 'join' : '',
        `${kind === 'left' ? 'left: ' : ''}${equalityText(link, aliasOf)}   ${matchText(link)}`,
      ),
    ),
    ...(others.length > 0 ? [line('left out', others.map(({ alias }) => alias).join(' · '))] : []),
    line('next', `etl run ${file}`),
  ];
  return [file, ...lines].join('\n');
}

function line(step: string, text: string): string {
  return `  ${step.padEnd(10)}${text}`;
}
