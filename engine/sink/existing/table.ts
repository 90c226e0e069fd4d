import { type Affinity, affinityOf } from '../../sql/affinity.ts';
import { quote } from '../../sql/dialect.ts';
import { rowidOf } from '../../sql/target.ts';
import { type Database, sqliteCode } from '../../store/database/database.ts';

/** A table of the file as SQLite knows it, whoever made it. */
export interface ExistingTable {
  readonly name: string;
  readonly kind: 'table' | 'view' | 'virtual' | 'shadow';
  readonly columns: readonly ExistingColumn[];
  /** SQLite's name for the row number that no column hides; null where there is none. */
  readonly rowid: string | null;
}

export interface ExistingColumn {
  readonly name: string;
  /** As it is declared. */
  readonly declared: string;
  readonly affinity: Affinity;
  /** Whether a row may be written without it. */
  readonly isOptional: boolean;
  readonly isComputed: boolean;
  readonly isPrimary: boolean;
}

/** The table or view of a name, which has no case; null where there is none. */
export function findTable(db: Database, name: string): ExistingTable | null {
  const find = `SELECT name, type AS kind, wr, strict FROM pragma_table_list WHERE schema = 'main' AND name = ? COLLATE NOCASE`;
  const found = db.prepare(find).get(name) as (ExistingTable & { wr: bigint; strict: bigint }) | undefined;
  if (!found) return null;
  const rows = db.prepare('SELECT * FROM pragma_table_xinfo(?)').all(found.name) as ColumnRow[];
  const isNumbered = found.wr === 0n && rows.filter(({ pk }) => pk > 0n).length === 1;
  const columns = rows.map((row) => columnOf(row, found.strict === 1n, isNumbered));
  const rowid = found.wr === 1n ? null : rowidOf(columns);
  return { name: found.name, kind: found.kind, columns, rowid };
}

interface ColumnRow {
  name: string;
  type: string;
  notnull: bigint;
  dflt_value: string | null;
  pk: bigint;
  hidden: bigint;
}

/** A table that `isNumbered` fills a primary key that is an INTEGER by itself. */
function columnOf(row: ColumnRow, isStrict: boolean, isNumbered: boolean): ExistingColumn {
  const { name, type, notnull, dflt_value, pk, hidden } = row;
  const isFilled = isNumbered && type.toUpperCase() === 'INTEGER';
  return {
    name,
    declared: type,
    affinity: affinityOf(type, isStrict),
    isOptional: pk > 0n ? isFilled : notnull === 0n || dflt_value !== null,
    isComputed: hidden > 1n,
    isPrimary: pk > 0n,
  };
}

/** How a column compares its texts; null where the database was made by somebody who knows more ways than SQLite does. */
export function collationOf(db: Database, table: string, column: string): string | null {
  // No PRAGMA tells it. A column of a compound SELECT compares as that of its first part does.
  const probe = `SELECT x.c = 'A' AS nocase, x.c = 'a ' AS rtrim
    FROM (SELECT ${quote(column)} AS c FROM ${quote(table)} WHERE FALSE UNION ALL SELECT 'a') AS x`;
  try {
    const { nocase, rtrim } = db.prepare(probe).get() as { nocase: bigint; rtrim: bigint };
    if (nocase === 1n) return 'NOCASE';
    return rtrim === 1n ? 'RTRIM' : 'BINARY';
  } catch (error) {
    if (sqliteCode(error) === null) throw error;
    return null;
  }
}

/** The statement that made a table or view, as SQLite remembers it; null where there is none. Names have no case. */
export function definitionOf(db: Database, table: string): string | null {
  const find = "SELECT sql FROM sqlite_master WHERE type IN ('table', 'view') AND name = ? COLLATE NOCASE";
  return (db.prepare(find).pluck().get(table) as string | undefined) ?? null;
}
