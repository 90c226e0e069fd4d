import { loadMapping } from '../mapping/load.ts';
import type { Mapping } from '../mapping/mapping.ts';
import { targetPlaceOf } from '../pipeline/places.ts';
import { compile } from '../plan/compile.ts';
import type { Plan } from '../plan/plan.ts';
import { type DialectName, explainPlan, type Format } from '../sql/explain.ts';
import type { Names } from '../sql/names.ts';
import { knownTypes } from '../store/state/known.ts';
import { type Answer, failed, failedBy } from './answer.ts';
import { type RunFlags, readFlags } from './flags.ts';

export type ExplainFlags = Pick<RunFlags, 'output'> & { readonly format: Format; readonly dialect: DialectName };

/** The plan of a mapping; `--json` holds the text of the format. */
export async function explain(file: string, flags: ExplainFlags): Promise<Answer> {
  const { format, dialect } = flags;
  const loaded = await loadMapping(file);
  if ('diagnostics' in loaded) return failed(loaded.diagnostics);
  const plan = compile(loaded.mapping);
  try {
    const typeOf = dialect === 'sqlite' ? undefined : typesOf(loaded.mapping, plan, flags);
    const text = explainPlan(plan, format, { dialect, typeOf });
    return { exit: 0, text, result: { metric: loaded.mapping.metric, format, text }, diagnostics: loaded.warnings };
  } catch (error) {
    return failedBy(error, 'explain');
  }
}

/** Another database declares its columns: what the log said of their types is in the state, where a run has been. */
function typesOf(mapping: Mapping, plan: Plan, flags: Pick<RunFlags, 'output'>): Names['type'] | undefined {
  const { database } = targetPlaceOf(mapping, readFlags(flags));
  return knownTypes(database, plan) ?? undefined;
}
