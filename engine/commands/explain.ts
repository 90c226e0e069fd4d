import { loadMapping } from '../mapping/load.ts';
import { compile } from '../plan/compile.ts';
import { explainPlan, type Format } from '../sql/explain.ts';
import { type Answer, failed } from './answer.ts';

/** The plan of a mapping; `--json` holds the text of the format. */
export async function explain(file: string, format: Format): Promise<Answer> {
  const loaded = await loadMapping(file);
  if ('diagnostics' in loaded) return failed(loaded.diagnostics);
  const text = explainPlan(compile(loaded.mapping), format);
  return { exit: 0, text, result: { metric: loaded.mapping.metric, format, text }, diagnostics: loaded.warnings };
}
