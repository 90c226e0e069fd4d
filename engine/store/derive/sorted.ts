import type { Row } from '../../change.ts';
import { quote } from '../../sql/dialect.ts';
import { sayQuery } from '../../sql/query.ts';
import type { Database } from '../database/database.ts';
import { culpritOr } from './culprit.ts';
import type { Derivation } from './derivation.ts';

/** All rows of a table or a query, in the order of `compareRows`. Nothing is asked of the database before the first row is. */
export function* sorted(db: Database, from: string, columns: number): Generator<Row> {
  // A table of others may have columns that compare otherwise.
  const order = Array.from({ length: columns }, (_, n) => `${n + 1} COLLATE BINARY`).join(', ');
  yield* db.prepare(`SELECT * FROM ${from} ORDER BY ${order}`).raw().iterate() as Iterable<Row>;
}

/**
 * The metric's rows as the relations stand, in the order of `compareRows`; of `columns` only, where these are said. Throws an
 * EtlError where one can't be computed.
 */
export function* metricRows(derived: Derivation, columns?: readonly string[]): Generator<Row> {
  const { db, query } = derived;
  const all = `(${sayQuery(query)})`;
  const from = columns ? `(SELECT ${columns.map(quote).join(', ')} FROM ${all})` : all;
  try {
    yield* sorted(db, from, (columns ?? query.columns).length);
  } catch (error) {
    throw culpritOr(derived, error);
  }
}
