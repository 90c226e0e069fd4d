import { lsnText } from '../change.ts';
import { loadMapping } from '../mapping/load.ts';
import { type Status, statusOf } from '../pipeline/status.ts';
import { type Answer, exitOf, failed, failedBy, joined } from './answer.ts';
import { type RunFlags, readFlags } from './flags.ts';
import { plainData } from './json-text.ts';
import { lagFindings, type MaxLag, readMaxLag } from './max-lag.ts';
import { statusText } from './status-text.ts';

export interface StatusFlags extends Pick<RunFlags, 'input' | 'output'> {
  readonly maxLag?: string;
}

/** How metrics stand: what is committed, what is not read yet, what waits and what was left out. */
export async function tellStatus(files: readonly string[], flags: StatusFlags): Promise<Answer> {
  const most = flags.maxLag === undefined ? null : readMaxLag(flags.maxLag);
  const answers: Answer[] = [];
  for (const file of files) answers.push(await statusOfOne(file, flags, most));
  return joined(answers, { metrics: answers.map((answer) => answer.result) });
}

async function statusOfOne(file: string, flags: StatusFlags, most: MaxLag | null): Promise<Answer> {
  const loaded = await loadMapping(file);
  if ('diagnostics' in loaded) return failed(loaded.diagnostics);
  try {
    const status = await statusOf(loaded.mapping, readFlags(flags));
    const diagnostics = [...loaded.warnings, ...(most ? lagFindings(most, status, new Date()) : [])];
    return { exit: exitOf(diagnostics), text: statusText(status), result: dataOf(status), diagnostics };
  } catch (error) {
    return failedBy(error, 'status');
  }
}

/** For programs: an LSN as PostgreSQL writes it, a time in ISO 8601. */
function dataOf({ committed, sources, ...status }: Status): unknown {
  return plainData({
    ...status,
    committed: committed?.toISOString() ?? null,
    sources: sources.map(({ lsn, lag, ...source }) => ({
      ...source,
      lsn: lsn === null ? null : lsnText(lsn),
      lag: lag && { ...lag, lsn: lag.lsn === null ? null : lsnText(lag.lsn) },
    })),
  });
}
