/** A metric over a log, and others that read it, in one folder. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { framed } from '../../engine/diagnostic/frame.ts';
import { loadMapping } from '../../engine/mapping/load.ts';
import type { Mapping } from '../../engine/mapping/mapping.ts';
import type { RunOptions } from '../../engine/pipeline/options.ts';
import type { RunResult } from '../../engine/pipeline/result.ts';
import { run } from '../../engine/pipeline/run.ts';
import { rowsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';

export interface Trial {
  readonly folder: string;
  readonly database: string;
  /** Writes a mapping as `<metric>.yaml`; `source: { metric: NAME }` means the file of that metric. */
  write(metric: string, lines: readonly string[]): void;
  load(metric: string): Promise<Mapping>;
  /** What is wrong with a mapping, as it is printed. */
  findings(metric: string): Promise<string>;
  run(metric: string, options?: RunOptions): Promise<RunResult>;
  /** The rows of a metric, each as a text, in an order of their own. */
  rows(metric: string): readonly string[];
}

export function onTrial(work: (trial: Trial) => Promise<void>): Promise<void> {
  return inScratch(async (folder) => {
    const database = join(folder, 'metrics.db');
    const fileOf = (metric: string) => join(folder, `${metric}.yaml`);
    const load = async (metric: string) => {
      const loaded = await loadMapping(fileOf(metric));
      if ('mapping' in loaded) return loaded.mapping;
      throw new Error(loaded.diagnostics.map((each) => framed(each)).join('\n'));
    };
    await work({
      folder,
      database,
      load,
      write: (metric, lines) => {
        const sink = lines.some((line) => line.startsWith('sink:')) ? [] : [`sink: { sqlite: ${database} }`];
        const text = [`metric: ${metric}`, ...lines, ...sink].join('\n');
        writeFileSync(
          fileOf(metric),
          text.replace(/metric: (\w+) \}/g, (_, name) => `metric: ${fileOf(name)} }`),
        );
      },
      findings: (metric) =>
        load(metric).then(
          () => '',
          (error: Error) => error.message.replaceAll(folder, '.'),
        ),
      run: async (metric, options = {}) => run(await load(metric), options),
      rows: (metric) => rowsOf(database, metric).map(String).sort(),
    });
  });
}
