import { showValue } from '../../change.ts';
import { diagnose, EtlError } from '../../diagnostic/diagnostic.ts';
import { pathText } from '../../expression/paths.ts';
import { scansOf } from '../../plan/compile.ts';
import type { Plan, Scan, ScanColumn } from '../../plan/plan.ts';
import type { Picked } from '../pick/pick.ts';

/** Updates and deletes of rows that were never seen: how many, and the first of them. They change nothing. */
export interface Lost {
  readonly count: number;
  readonly samples: readonly Picked[];
}

/** Lost changes that are remembered. */
const SAMPLES = 5;

export const NOTHING_LOST: Lost = { count: 0, samples: [] };

export function sumLost(a: Lost, b: Lost): Lost {
  return { count: a.count + b.count, samples: [...a.samples, ...b.samples].slice(0, SAMPLES) };
}

/** Counts lost changes. */
export function openLost(): { readonly take: (picked: Picked) => void; readonly lost: () => Lost } {
  let count = 0;
  const samples: Picked[] = [];
  return {
    take: (picked) => {
      count++;
      if (samples.length < SAMPLES) samples.push(picked);
    },
    lost: () => ({ count, samples }),
  };
}

/** A lost change as an error, for whom it is one. */
export function changeLost(plan: Plan, picked: Picked): EtlError {
  const { file, record, offset } = picked.at;
  return new EtlError([
    diagnose('ROW_NEVER_SEEN', { change: describePicked(plan, picked) }, { data: { file, record, offset } }),
  ]);
}

/** What was to happen to which row of a relation. */
export function describePicked(plan: Plan, { op, shape, old }: Picked): string {
  const scan = scansOf(plan)[shape.relation] as Scan;
  const found = old.map((value, n) => `${pathText((shape.columns[n] as ScanColumn).path)}=${showValue(value)}`);
  return [op, scan.alias, ...found].join(' ');
}
