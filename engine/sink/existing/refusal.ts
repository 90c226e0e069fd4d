import type { Row } from '../../change.ts';
import { diagnose, EtlError } from '../../diagnostic/diagnostic.ts';
import { placeIn } from '../../mapping/mapping.ts';
import { explained, isConstraint, sqliteCode } from '../../store/database/database.ts';
import type { Derivation } from '../../store/derive/derivation.ts';
import { describe } from '../describe.ts';
import type { Shared } from './shared.ts';

/** A statement that writes wanted rows; `among` restricts them. */
interface Writing {
  readonly shared: Shared;
  readonly writing: (among: string) => string;
}

/**
 * Does what writes to a table of another. Throws an EtlError where a constraint, a trigger or whatever else of the table
 * refuses it; of `rows` it shows the one.
 */
export function refusing<T>(derivation: Derivation, write: () => T, rows: Writing | null = null): T {
  try {
    return write();
  } catch (error) {
    const { db, plan } = derivation;
    // What the file does not allow has its own words.
    if (sqliteCode(error) === null || !(isConstraint(error) || explained(error, db.name) === error)) throw error;
    const reason = (error as Error).message;
    const row = rows && db.inTransaction ? refusedRow(derivation, rows) : null;
    const names = derivation.query.columns.map(({ name }) => name);
    const notes = row ? [`row: ${describe(names, row)}`] : [];
    const mapping = placeIn(plan.origin, plan.sinkSpan);
    throw new EtlError([diagnose('TARGET_REFUSES_ROW', { path: db.name, reason }, { mapping, notes })]);
  }
}

/** The first row that is refused when they are written one after the other. All is undone, for the run ends here. */
function refusedRow({ db }: Derivation, { shared, writing }: Writing): Row | null {
  const write = db.prepare(writing('w.rid = ?'));
  const { copy, columns } = shared;
  const names = columns.map(({ copied }) => copied).join(', ');
  const find = db.prepare(`SELECT ${names} FROM ${copy.table} WHERE rid = ?`).raw();
  for (const rid of db.prepare('SELECT rid FROM temp._etl_wanted ORDER BY rid').pluck().all()) {
    try {
      write.run(rid);
    } catch {
      return find.get(rid) as Row;
    }
  }
  return null;
}
