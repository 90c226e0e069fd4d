/** Reads the first changes of a place, and keeps of them what a mapping can be proposed from. */
import { type Change, headerOf, type Image } from '../change.ts';
import { type Diagnostic, isFinding } from '../diagnostic/diagnostic.ts';
import { EVERYTHING } from '../interest.ts';
import { readFiles, type Source } from '../source/read.ts';
import { openTable, type SampledTable, type TableSample } from './table.ts';

/** What was seen of a source. */
export interface Sample {
  readonly tables: readonly SampledTable[];
  readonly changes: number;
  /** Whether that is all there is. */
  readonly isWhole: boolean;
  /** Records that can't be taken, the first of them; a run that reads their tables stops there. */
  readonly bad: readonly Diagnostic[];
}

/** As many bad records are told of. */
const MOST_BAD = 3;

/**
 * Reads the first `limit` changes of a source. Of a value its hash is kept and nothing else, so memory is bounded by the
 * limit, however large the source or its values are.
 *
 * Throws an EtlError where it is not certain any more what a record is: no run goes on behind that.
 */
export async function readSample(source: Source, limit: number): Promise<Sample> {
  const tables = new Map<string, TableSample>();
  const bad: Diagnostic[] = [];
  let changes = 0;
  const end = (isWhole: boolean): Sample => ({
    tables: [...tables.values()].map((each) => each.end()),
    changes,
    isWhole,
    bad: bad.slice(0, MOST_BAD),
  });
  for await (const change of changesOf(source, (found) => bad.push(found))) {
    if (changes === limit) return end(false);
    changes++;
    tableOf(change, tables).take(change);
  }
  return end(true);
}

/** The images after the first changes of a source, as they are told. */
export async function readImages(source: Source, limit: number): Promise<readonly Image[]> {
  const images: Image[] = [];
  for await (const change of changesOf(source)) {
    if ('after' in change) images.push(change.after);
    if (images.length === limit) break;
  }
  return images;
}

/** A sample may be cut off anywhere, as `head -c` does it: what is not whole at its end is no mistake. */
async function* changesOf(source: Source, onBad: (bad: Diagnostic) => void = () => {}): AsyncGenerator<Change> {
  let isAny = false;
  try {
    for await (const { items } of readFiles(source, [], EVERYTHING)) {
      for (const item of items) {
        if (item.op === 'bad') onBad(item.diagnostic);
        if (item.op === 'bad' || item.op === 'commit') continue;
        isAny = true;
        yield item;
      }
    }
  } catch (error) {
    if (!isAny || !isFinding(error, 'TRUNCATED_INPUT')) throw error;
  }
}

function tableOf(change: Change, tables: Map<string, TableSample>): TableSample {
  const { schema, table } = headerOf(change);
  const key = JSON.stringify([schema, table]);
  const found = tables.get(key) ?? openTable(schema, table);
  tables.set(key, found);
  return found;
}
