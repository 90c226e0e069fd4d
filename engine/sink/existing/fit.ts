import { type Diagnostic, diagnose, EtlError } from '../../diagnostic/diagnostic.ts';
import { hints, type Misfit } from '../../diagnostic/messages.ts';
import { placeIn } from '../../mapping/mapping.ts';
import type { Plan } from '../../plan/plan.ts';
import { keeping, keepsKey } from '../../sql/affinity.ts';
import type { Database } from '../../store/database/database.ts';
import type { Derivation } from '../../store/derive/derivation.ts';
import { collationOf, type ExistingColumn, type ExistingTable } from './table.ts';

/**
 * Whether a table can take the rows of a metric beside those it has, as far as its columns tell: all that are mapped are
 * there, rows may be written without the others, and a row that was written is found again.
 *
 * Throws an EtlError with all reasons why not.
 */
export function checkColumns(db: Database, plan: Plan, table: ExistingTable): void {
  refuse(
    db,
    plan,
    table,
    table.kind === 'table' ? columnMisfits(db, plan, table) : [{ why: 'kind', kind: table.kind }],
  );
}

function columnMisfits(db: Database, plan: Plan, table: ExistingTable): readonly Misfit[] {
  const mapped = plan.project.map(({ name }) => ({ name, column: columnOf(table, name) }));
  const names = new Set(mapped.map(({ column }) => column?.name));
  const isOfKey = ({ name }: ExistingColumn) => plan.sinkKey.some((key) => isSame(key, name));
  const others = table.columns.filter(({ name, isComputed }) => !names.has(name) && !isComputed);
  const isWithoutRowid = table.rowid === null && table.columns.some(({ isPrimary }) => isPrimary);
  return [
    ...(table.rowid === null && !isWithoutRowid ? [{ why: 'rowid' } as const] : []),
    ...mapped.flatMap(({ name, column }): readonly Misfit[] => {
      if (!column) return [{ why: 'missing', column: name }];
      if (column.isComputed) return [{ why: 'computed', column: column.name }];
      const isKnown = !isOfKey(column) || collationOf(db, table.name, column.name) !== null;
      return isKnown ? [] : [{ why: 'collation', column: column.name }];
    }),
    ...others.flatMap(({ name, isOptional }) => (isOptional ? [] : [{ why: 'required', column: name } as const])),
    ...table.columns.flatMap((column) =>
      isWithoutRowid && column.isPrimary && !isOfKey(column) ? [{ why: 'primary', column: column.name } as const] : [],
    ),
  ];
}

/** Whether its columns keep values of the metric's types, which are known when rows are written. */
export function checkTypes({ db, plan, query, root }: Derivation, table: ExistingTable): void {
  // Before the first row came no type may be known.
  const isEmpty = db.prepare(`SELECT 1 FROM ${root.table} LIMIT 1`).get() === undefined;
  const misfits = query.columns.flatMap(({ name, type }): readonly Misfit[] => {
    const column = columnOf(table, name);
    if (!column) return [];
    const facts = { column: column.name, declared: column.declared || 'of no type', type: type ?? 'of no known type' };
    if (keeping(type, column.affinity) === 'never') return [{ why: 'type', ...facts }];
    const isFound = isEmpty || !plan.sinkKey.includes(name) || keepsKey(type, column.affinity);
    return isFound ? [] : [{ why: 'key type', ...facts }];
  });
  refuse(db, plan, table, misfits);
}

/** The column of a name, which has no case. */
export function columnOf({ columns }: ExistingTable, name: string): ExistingColumn | undefined {
  return columns.find((column) => isSame(column.name, name));
}

/** As SQLite has it, only ASCII has no case. */
function isSame(a: string, b: string): boolean {
  const lower = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return lower(a) === lower(b);
}

function refuse(db: Database, plan: Plan, table: ExistingTable, misfits: readonly Misfit[]): void {
  const findings = misfits.map((misfit): Diagnostic => {
    const span = 'type' in misfit ? spanOf(plan, misfit.column) : plan.sinkSpan;
    const hint = 'type' in misfit ? hints.declareFitting : hints.otherTable;
    return diagnose(
      'TARGET_MISFIT',
      { path: db.name, table: table.name, misfit },
      { mapping: placeIn(plan.origin, span), hint },
    );
  });
  if (findings.length > 0) throw new EtlError(findings);
}

/** Where a column is said. */
function spanOf({ project, sinkSpan }: Plan, column: string) {
  return project.find(({ name }) => isSame(name, column))?.span ?? sinkSpan;
}
