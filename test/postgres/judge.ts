/** PostgreSQL as the judge: which seeds it judges, and whether it is there. */
import { hasWal2json, NO_POSTGRES, NO_WAL2JSON, type Postgres, startPostgres } from '../servers/postgres.ts';
import { isFull, runs } from '../support/counts.ts';

/** 1, 2, 3 and so on; with `ETL_SEED=n` n alone, or from n on as many as `ETL_RUNS` says. */
export function seeds(small: number): readonly number[] {
  const { ETL_SEED: first, ETL_RUNS: count } = process.env;
  const isAlone = first !== undefined && count === undefined;
  return Array.from({ length: isAlone ? 1 : runs(small, 50) }, (_, place) => Number(first ?? 1) + place);
}

/** A server whose log can be read; where there is none, the reason, which in the full run is an error. */
export async function startJudge(): Promise<Postgres | string> {
  const postgres = startPostgres();
  if (postgres && (await hasWal2json(postgres))) return postgres;
  postgres?.stop();
  const reason = postgres ? NO_WAL2JSON : NO_POSTGRES;
  if (isFull) throw new Error(reason);
  return reason;
}
