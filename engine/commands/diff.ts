import { diffMappings } from '../diff/diff.ts';
import { loadMapping } from '../mapping/load.ts';
import type { RunOptions } from '../pipeline/options.ts';
import { type Answer, failed, failedBy } from './answer.ts';
import { diffText } from './diff-text.ts';
import { type RunFlags, readFlags } from './flags.ts';
import { plainData } from './json-text.ts';

/** What a changed mapping would change in the metric of another. Nothing is written. */
export async function diff(
  files: readonly [before: string, after: string],
  flags: Pick<RunFlags, 'input' | 'output'>,
  { onProgress }: Pick<RunOptions, 'onProgress'> = {},
): Promise<Answer> {
  const [before, after] = [await loadMapping(files[0]), await loadMapping(files[1])];
  if ('diagnostics' in before) return failed(before.diagnostics);
  if ('diagnostics' in after) return failed(after.diagnostics);
  try {
    const found = await diffMappings(before.mapping, after.mapping, {
      ...readFlags(flags),
      ...(onProgress && { onProgress }),
    });
    return { exit: 0, text: diffText(found), result: plainData(found), diagnostics: after.warnings };
  } catch (error) {
    return failedBy(error, 'diff');
  }
}
