/** The databases that a plan is said to, as they are opened for a test; one that is not installed is null. */
import { functionsIn } from '../../engine/sql/script.ts';
import { NO_POSTGRES } from '../servers/postgres.ts';
import { NO_CHDB } from '../sink/chdb.ts';
import { isFull } from '../support/counts.ts';
import { openClickhouse } from './clickhouse.ts';
import type { Contender } from './contender.ts';
import { openPostgres } from './postgres.ts';

export const contenders = [
  { name: 'PostgreSQL', absence: NO_POSTGRES, open: openPostgres },
  { name: 'ClickHouse', absence: NO_CHDB, open: openClickhouse },
] as const;

/** Opens one that has all functions of its dialect. The full run leaves none out. */
export async function opened({ open, absence }: (typeof contenders)[number]): Promise<Contender | null> {
  const contender = await open();
  if (contender === null && isFull) throw new Error(absence);
  if (contender) await contender.run(functionsIn([...contender.dialect.functions.keys()].join(' '), contender.dialect));
  return contender;
}
