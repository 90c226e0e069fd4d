import { quote } from '../sql/dialect.ts';
import { sayQuery } from '../sql/query.ts';
import { createTarget } from '../sql/target.ts';
import { arePartnersSingle } from '../store/count/partners.ts';
import { naming } from '../store/derive/culprit.ts';
import type { Derivation } from '../store/derive/derivation.ts';
import { enter } from '../store/step.ts';
import type { Target } from './target.ts';
import { uniquely } from './unique.ts';

/**
 * Writes the whole metric into a new table, in one statement of the database. Returns the number of rows.
 *
 * Belongs to one transaction. Throws an EtlError where a row can't be computed or `sink.key` is not unique.
 */
export function rebuild(derivation: Derivation, target: Target): number {
  const { db } = derivation;
  enter('write');
  db.exec(`DROP TABLE IF EXISTS ${quote(target.table)}`);
  db.exec(createTarget(target.table, target.columns, target.key));
  return uniquely(derivation, target.compared, () => {
    const changes = fill(derivation, target);
    for (const index of uniqueIndexes(target)) db.exec(index);
    return changes;
  });
}

/** Writes all rows into an empty table. Returns how many. */
export function fill(derivation: Derivation, target: Target): number {
  const { db, plan, names, query, rid, rootRows } = derivation;
  // To number the rows of each root takes half as long again as all the rest.
  const place = arePartnersSingle(db, plan, names) ? '0' : `row_number() OVER (PARTITION BY ${rid}) - 1`;
  const rowid = `${rid} * ${rootRows} + ${place}`;
  const columns = [target.rowid, ...target.columns.map((column) => quote(column.name))].join(', ');
  const insert = `INSERT INTO ${quote(target.table)} (${columns})\n${sayQuery(query, [rowid])}`;
  return naming(derivation, () => db.prepare(insert).run()).changes;
}

/** Rows are found by the columns as they stand: where these are compared otherwise, that is an index of its own. */
function uniqueIndexes({ table, key, compared }: Target): readonly string[] {
  const [own, alike] = [key.map(quote).join(', '), compared.join(', ')];
  const say = (name: string, columns: string) => `CREATE UNIQUE INDEX ${quote(name)} ON ${quote(table)} (${columns})`;
  const indexes = own === '' ? [] : [say(`_etl_key_${table}`, own)];
  return own === alike ? indexes : [...indexes, say(`_etl_alike_${table}`, alike)];
}
