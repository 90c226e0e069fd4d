/** Whether this is the full run, which leaves nothing out. */
export const isFull = process.env.ETL_TEST === 'full';

/** How many random cases a property is held to. `ETL_RUNS` says another number. */
export function runs(small: number, full: number): number {
  return Number(process.env.ETL_RUNS ?? (isFull ? full : small));
}
