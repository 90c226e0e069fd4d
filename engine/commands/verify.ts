import { plural } from '../diagnostic/quantity.ts';
import { loadMapping } from '../mapping/load.ts';
import type { RunOptions } from '../pipeline/options.ts';
import { type Verification, verifySource, verifyTarget } from '../verify/verify.ts';
import { type Answer, failed, failedBy } from './answer.ts';
import { type RunFlags, readFlags } from './flags.ts';

/** Checks a target against the metric computed anew. Exit code 4 where they differ. */
export async function verify(
  file: string,
  flags: RunFlags & { readonly fromSource?: boolean },
  { onProgress }: Pick<RunOptions, 'onProgress'> = {},
): Promise<Answer> {
  const loaded = await loadMapping(file);
  if ('diagnostics' in loaded) return failed(loaded.diagnostics);
  try {
    const options = readFlags(flags);
    const found = flags.fromSource
      ? await verifySource(loaded.mapping, { ...options, ...(onProgress && { onProgress }) })
      : await verifyTarget(loaded.mapping, options);
    const equal = found.missing + found.unexpected === 0;
    return { exit: equal ? 0 : 4, text: textOf(found), result: { equal, ...found }, diagnostics: loaded.warnings };
  } catch (error) {
    return failedBy(error, 'verify');
  }
}

function textOf({ metric, against, rows, others, missing, unexpected, samples, more }: Verification): string {
  const what = against === 'state' ? 'the metric derived from its state' : 'the metric made of its source anew';
  const beside =
    others > 0 ? `; ${plural(others, 'row')} of others ${others === 1 ? 'stands' : 'stand'} beside them` : '';
  if (missing + unexpected === 0) return `${metric}: equal to ${what}, ${plural(rows, 'row')}${beside}`;
  const count = `${plural(missing, 'row')} missing, ${unexpected} unexpected${beside}`;
  const rest = more > 0 ? [`and ${plural(more, 'row')} more`] : [];
  return [`${metric}: differs from ${what}: ${count}`, ...[...samples, ...rest].map((line) => `  ${line}`)].join('\n');
}
