import type { Mark } from '../change.ts';
import { EtlError } from '../diagnostic/diagnostic.ts';
import type { Code } from '../diagnostic/messages.ts';
import { hasRecords } from '../mapping/format.ts';
import { STANDARD_INPUT } from '../source/place.ts';
import type { Reading, Source } from '../source/read.ts';
import { readSource } from '../source/source.ts';

/** What a source holds that is not committed yet. */
export interface Lag {
  /** Uncompressed. */
  readonly bytes: number;
  readonly records: number;
  /** The LSN of the last transaction; null where the log tells none. */
  readonly lsn: bigint | null;
  /** Why it can't be read to its end, where a run would stop too; null otherwise. */
  readonly stopped: { readonly code: Code; readonly message: string } | null;
}

/**
 * Reads what is new in the files of a source, as a run would, and counts it. Null where that can't be told: of standard
 * input, of a database and of another metric, of which it would have to be read whole.
 */
export async function lagOf(source: Source, marks: readonly Mark[]): Promise<Lag | null> {
  if (!hasRecords(source.format) || source.path === STANDARD_INPUT) return null;
  const counting = openCounting(marks);
  try {
    for await (const reading of readSource(source, marks, [])) counting.take(reading);
    return { ...counting.counts(), stopped: null };
  } catch (error) {
    if (!(error instanceof EtlError)) throw error;
    const [first] = error.diagnostics;
    return { ...counting.counts(), stopped: first ? { code: first.code, message: first.message } : null };
  }
}

function openCounting(marks: readonly Mark[]) {
  const before = new Map(marks.map(({ path, records }) => [path, records]));
  const after = new Map<string, number>();
  let [bytes, lsn]: [number, bigint | null] = [0, null];
  return {
    take: (reading: Reading): void => {
      bytes += reading.bytes;
      for (const [from, to] of reading.renamed) before.set(to, before.get(from) ?? 0);
      if (reading.anew) before.set(reading.file, 0);
      for (const item of reading.items) {
        if (item.op !== 'commit') continue;
        after.set(reading.file, item.records);
        lsn = item.lsn ?? lsn;
      }
    },
    counts: () => {
      const records = [...after].reduce((sum, [file, read]) => sum + read - (before.get(file) ?? 0), 0);
      return { bytes, records, lsn };
    },
  };
}
