/** Whether this is the full run, which leaves nothing out. */
export const isFull = process.env.ETL_TEST === 'full';

/** How many random cases a property is held to. `ETL_RUNS` says another number. */
export function runs(small: number, full: number): number {
  return Number(process.env.ETL_RUNS ?? (isFull ? full : small));
}

/** 1, 2, 3 and so on; with `ETL_SEED=n` n alone, or from n on as many as `ETL_RUNS` says. */
export function seeds(small: number, full: number): readonly number[] {
  const { ETL_SEED: first, ETL_RUNS: count } = process.env;
  const isAlone = first !== undefined && count === undefined;
  return Array.from({ length: isAlone ? 1 : runs(small, full) }, (_, place) => Number(first ?? 1) + place);
}

/** Where random tests begin to draw: every time at the same place, unless `ETL_SEED` says another one. */
export const SEED = Number(process.env.ETL_SEED ?? 1);
