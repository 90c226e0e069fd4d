import { quote } from '../sql/dialect.ts';
import { sayQuery } from '../sql/query.ts';
import { createTarget } from '../sql/target.ts';
import { naming } from '../store/culprit.ts';
import type { Derivation } from '../store/derivation.ts';
import { arePartnersSingle } from '../store/partners.ts';
import { enter } from '../store/step.ts';
import { ROOT_ROWS, type Target } from './target.ts';
import { uniquely } from './unique.ts';

/**
 * Writes the whole metric into a new table, in one statement of the database. Returns the number of rows.
 *
 * Belongs to one transaction. Throws an EtlError where a row can't be computed or `sink.key` is not unique.
 */
export function rebuild(derivation: Derivation, target: Target): number {
  const { db, plan, names, query, rid } = derivation;
  const table = quote(target.table);
  enter('write');
  db.exec(`DROP TABLE IF EXISTS ${table}`);
  db.exec(createTarget(target.table, target.columns, target.key));
  // To number the rows of each root takes half as long again as all the rest.
  const place = arePartnersSingle(db, plan, names) ? '0' : `row_number() OVER (PARTITION BY ${rid}) - 1`;
  const rowid = `${rid} * ${ROOT_ROWS} + ${place}`;
  const columns = [target.rowid, ...target.columns.map((column) => quote(column.name))].join(', ');
  const insert = `INSERT INTO ${table} (${columns})\n${sayQuery(query, [rowid])}`;
  return uniquely(derivation, target, () => {
    const { changes } = naming(derivation, () => db.prepare(insert).run());
    if (target.key.length > 0) db.exec(uniqueIndex(target));
    return changes;
  });
}

function uniqueIndex({ table, key }: Target): string {
  return `CREATE UNIQUE INDEX ${quote(`_etl_key_${table}`)} ON ${quote(table)} (${key.map(quote).join(', ')})`;
}
