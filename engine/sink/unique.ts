import { type Row, showValue } from '../change.ts';
import { diagnose, EtlError } from '../diagnostic/diagnostic.ts';
import { hints } from '../diagnostic/messages.ts';
import { placeIn } from '../mapping/mapping.ts';
import { sayQuery } from '../sql/query.ts';
import { isConstraint } from '../store/database/database.ts';
import type { Derivation } from '../store/derive/derivation.ts';
import { describe } from './describe.ts';

/**
 * Does what writes rows; where two of them have one key, or one has none, throws an EtlError that shows them. `key` is how
 * the table compares its columns, as SQL.
 */
export function uniquely<T>(derivation: Derivation, key: readonly string[], write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (isConstraint(error)) throw clash(derivation, key);
    throw error;
  }
}

function clash(derivation: Derivation, key: readonly string[]): EtlError {
  const { plan, query } = derivation;
  const rows = `(${sayQuery(query)})`;
  const having = `${key.map((column) => `${column} IS NULL`).join(' OR ')} OR count(*) > 1`;
  const found =
    select(
      derivation,
      `SELECT ${key.join(', ')} FROM ${rows} GROUP BY ${key.join(', ')} HAVING ${having} LIMIT 1`,
    )[0] ?? [];
  const where = key.map((column) => `${column} IS ?`).join(' AND ');
  const both = select(derivation, `SELECT * FROM ${rows} WHERE ${where} LIMIT 2`, found);
  const missing = found.includes(null);
  const facts = { key: plan.sinkKey.join(', '), value: found.map(showValue).join(', '), missing };
  const columns = query.columns.map(({ name }) => name);
  const notes = both.map((row) => `row: ${describe(columns, row)}`);
  return new EtlError([
    diagnose('SINK_KEY_NOT_UNIQUE', facts, {
      mapping: placeIn(plan.origin, plan.sinkSpan),
      notes,
      ...(missing && { hint: hints.nullKey }),
    }),
  ]);
}

function select({ db }: Derivation, sql: string, values: Row = []): readonly Row[] {
  return db
    .prepare(sql)
    .raw()
    .all(...values) as Row[];
}
