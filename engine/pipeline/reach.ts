import type { Mark } from '../change.ts';

/** How far a file or a table is committed. */
export interface Reach {
  readonly file: string;
  readonly records: number;
  /** Of a table that is read by one: the largest value so far. */
  readonly watermark?: string;
}

export function reachOf(mark: Mark): Reach {
  const reach = { file: mark.path, records: mark.records };
  return 'watermark' in mark && mark.watermark !== null ? { ...reach, watermark: String(mark.watermark) } : reach;
}
