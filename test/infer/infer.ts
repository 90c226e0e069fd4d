/** What `etl init` proposes, without the command around it. */
import { infer } from '../../engine/infer/infer.ts';
import { mappingText } from '../../engine/infer/mapping-text.ts';
import { type Proposal, propose } from '../../engine/infer/propose.ts';

export interface Proposed {
  readonly proposal: Proposal;
  readonly text: string;
}

/** The proposals for a file: one for each table as the root, the one that is proposed first. */
export async function proposedFor(path: string, metric: string | null = null): Promise<readonly Proposed[]> {
  const found = await infer(path, { format: null, limit: 50_000, only: [] });
  const roots = [found.root, ...found.tables.filter((known) => known !== found.root)];
  return roots.map((root) => {
    const proposal = propose(found, { root, metric, refused: new Set() });
    return { proposal, text: mappingText(proposal, null) };
  });
}
