import { loadMapping } from '../mapping/load.ts';
import { type Answer, exitOf, joined } from './answer.ts';

/** Checks mappings without running them. With `strict` a warning fails as an error does. */
export async function validate(files: readonly string[], strict: boolean): Promise<Answer> {
  const answers = await Promise.all(files.map((file) => validateOne(file, strict)));
  return joined(answers, { mappings: answers.map((answer) => answer.result) });
}

async function validateOne(file: string, strict: boolean): Promise<Answer> {
  const loaded = await loadMapping(file);
  const diagnostics = 'mapping' in loaded ? loaded.warnings : loaded.diagnostics;
  const exit = strict && diagnostics.length > 0 ? Math.max(2, exitOf(diagnostics)) : exitOf(diagnostics);
  const metric = 'mapping' in loaded ? loaded.mapping.metric : null;
  const text = exit === 0 ? `${file}: ${metric} is fine` : '';
  return { exit, text, result: { file, metric, ok: exit === 0 }, diagnostics };
}
