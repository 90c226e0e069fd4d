/** PostgreSQL as the judge, where it is there. */
import { hasWal2json, NO_POSTGRES, NO_WAL2JSON, type Postgres, startPostgres } from '../servers/postgres.ts';
import { isFull } from '../support/counts.ts';

/** A server whose log can be read; where there is none, the reason, which in the full run is an error. */
export async function startJudge(): Promise<Postgres | string> {
  const postgres = startPostgres();
  if (postgres && (await hasWal2json(postgres))) return postgres;
  postgres?.stop();
  const reason = postgres ? NO_WAL2JSON : NO_POSTGRES;
  if (isFull) throw new Error(reason);
  return reason;
}
