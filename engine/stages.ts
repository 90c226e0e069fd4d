/**
 * The stages of the engine, for use from code.
 *
 *   const loaded = await load('mappings/dashboard_metric.yaml');
 *   if ('diagnostics' in loaded) throw new EtlError(loaded.diagnostics);
 *   const result = await run(loaded.mapping, { output: 'metrics.db' });
 *
 * `load` reads and checks a mapping, `compile` gives its plan, `explain` says a plan as text, SQL or a picture, and
 * `run` brings the metric up to date; with `follow` it goes on until its `signal`. Static stages give their findings back,
 * `run` throws them in one EtlError.
 */
export { type Diagnostic, EtlError } from './diagnostic/diagnostic.ts';
export { framed as print } from './diagnostic/frame.ts';
export { loadMapping as load, parseMapping as parse } from './mapping/load.ts';
export type { Mapping } from './mapping/mapping.ts';
export type { RunOptions } from './pipeline/options.ts';
export type { News, RunResult } from './pipeline/result.ts';
export { run } from './pipeline/run.ts';
export { compile } from './plan/compile.ts';
export type { Plan } from './plan/plan.ts';
export { explainPlan as explain, type Format } from './sql/explain.ts';
