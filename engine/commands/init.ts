import { writeFileSync } from 'node:fs';
import { fail } from '../diagnostic/diagnostic.ts';
import { hints } from '../diagnostic/messages.ts';
import { systemReason } from '../diagnostic/system.ts';
import type { FileFormat } from '../infer/detect.ts';
import { infer } from '../infer/infer.ts';
import { equalityText } from '../infer/join-lines.ts';
import { mappingText } from '../infer/mapping-text.ts';
import { type Proposal, propose } from '../infer/propose.ts';
import { codeOf } from '../source/failure.ts';
import type { Answer } from './answer.ts';
import { type Ask, choose } from './choose.ts';
import { readCount } from './flags.ts';
import { summarizeProposal } from './proposal-summary.ts';

export interface InitFlags {
  readonly from: string;
  readonly to?: string;
  readonly force?: boolean;
  readonly format?: FileFormat | 'auto';
  readonly metric?: string;
  readonly root?: string;
  readonly table?: readonly string[];
  readonly sample?: string;
  readonly yes?: boolean;
}

/** Proposes a mapping of what is in a file, and prints it or writes it to a file. Without `ask` nothing is asked. */
export async function init(flags: InitFlags, ask: Ask | null): Promise<Answer> {
  const { from, to: file = null, format = 'auto', metric = null } = flags;
  if (metric !== null && !/^[A-Za-z_]\w*$/.test(metric)) {
    fail('BAD_FLAG', { flag: '--metric', expected: 'letters, digits and _, with no digit first', value: metric });
  }
  const limit = readCount('--sample', flags.sample ?? '50000');
  const found = await infer(from, { format: format === 'auto' ? null : format, limit, only: flags.table ?? [] });
  const choice = await choose(found, { root: flags.root ?? null, ask: flags.yes ? null : ask });
  if (choice === null) return { exit: 0, text: '', result: null, diagnostics: [] };
  const proposal = propose(found, { ...choice, metric });
  const text = mappingText(proposal, file);
  if (file !== null) write(file, text, flags.force === true);
  const shown = file === null ? text.trimEnd() : summarizeProposal(proposal, file);
  return { exit: 0, text: shown, result: resultOf(proposal, file, text), diagnostics: found.bad };
}

/** What is there already stays, unless it is to be written anew. */
function write(path: string, text: string, force: boolean): void {
  try {
    writeFileSync(path, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    if (codeOf(error) === 'EEXIST') fail('FILE_EXISTS', { path }, { hint: hints.overwrite });
    fail('FILE_NOT_WRITTEN', { path, reason: systemReason(error) });
  }
}

function resultOf(proposal: Proposal, file: string | null, mapping: string): unknown {
  const { metric, source, changes, isWhole, root, tables, joins, others, aliasOf } = proposal;
  const tableOf = ({ alias, known: { table, key, rows } }: Proposal['root']) => ({
    alias,
    schema: table.schema,
    table: table.name,
    key: key.columns,
    rows: rows.length,
  });
  return {
    file,
    metric,
    format: source.format.kind,
    sample: { changes, whole: isWhole },
    root: root.alias,
    tables: tables.map(tableOf),
    unjoined: others.map(tableOf),
    joins: joins.map(({ kind, link }) => ({
      kind,
      on: equalityText(link, aliasOf),
      rows: link.rows,
      matched: link.matched,
    })),
    mapping,
  };
}
