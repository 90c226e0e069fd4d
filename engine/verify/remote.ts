import { join } from 'node:path';
import type { Row } from '../change.ts';
import { spelled } from '../expression/operation/spelling.ts';
import { openRemote } from '../sink/open.ts';
import type { RemoteTarget } from '../sink/remote.ts';
import { quote } from '../sql/dialect.ts';
import type { TargetColumn } from '../sql/target.ts';
import { type Database, openDatabase, transaction } from '../store/database/database.ts';
import { sorted } from '../store/derive/sorted.ts';
import { type BagDifference, differ } from './differ.ts';

/** What is expected of a target elsewhere. */
export interface Expected {
  readonly columns: readonly TargetColumn[];
  readonly rows: Iterable<Row>;
}

/** Compares what is expected with the rows of a target elsewhere. Both are put in order in a scratch database of the folder. */
export async function differRemote(
  folder: string,
  target: RemoteTarget,
  expected: <T>(work: (expected: Expected) => T) => T,
): Promise<BagDifference> {
  const db = openDatabase(join(folder, 'rows.db'));
  try {
    const columns = expected(({ columns, rows }) => {
      const put = openTable(db, 'expected', columns);
      transaction(db, () => {
        for (const row of rows) put(row);
      });
      return columns;
    });
    await fetchRows(db, target, columns);
    const names = columns.map((column) => column.name);
    return differ(names, sorted(db, 'expected', names.length), sorted(db, 'standing', names.length));
  } finally {
    db.close();
  }
}

async function fetchRows(db: Database, target: RemoteTarget, columns: readonly TargetColumn[]): Promise<void> {
  const put = openTable(db, 'standing', columns);
  const sink = await openRemote(target);
  try {
    for await (const row of sink.rows(columns)) put(row);
  } finally {
    await sink.close();
  }
}

/** Makes a table of these columns, without types: values stay as they are. Gives what puts a row there. */
function openTable(db: Database, table: string, columns: readonly TargetColumn[]): (row: Row) => void {
  db.pragma('synchronous = OFF');
  db.exec(`CREATE TABLE ${table} (${columns.map((_, n) => quote(`c${n}`)).join(', ')})`);
  const insert = db.prepare(`INSERT INTO ${table} VALUES (${columns.map(() => '?').join(', ')})`);
  return (row) => {
    insert.run(...row.map((value, n) => spelled(value, columns[n]?.type ?? null)));
  };
}
