import type { Type } from '../change.ts';
import type { ColumnPath } from '../expression/expression.ts';
import type { Equality, Scan } from '../plan/plan.ts';
import type { Dialect } from './dialect.ts';
import { say } from './expression.ts';
import type { Names } from './names.ts';

/**
 * How two columns meet in a join.
 *
 * A column is compared by its key form: an expression over the stored value that is equal in the database exactly when
 * PostgreSQL would call the values equal. Most types are stored so that the value itself is that form. What is stored as
 * different things (text and a number) never meets.
 */
export type Meeting = { readonly left: string; readonly right: string } | 'never';

/** What values are stored as. Coarser than the families of `expression/types.ts`: a join takes a uuid for the text it is. */
type Storage = 'number' | 'boolean' | 'bytes' | 'text';

/** The key forms of the two sides of a join's equality. */
export function meet(equality: Equality, names: Names, dialect: Dialect): Meeting {
  const left = names.type(equality.left.alias, equality.left.path);
  const right = names.type(equality.right.alias, equality.right.path);
  if (left !== null && right !== null && storageOf(left) !== storageOf(right)) return 'never';
  return {
    left: keyForm(equality.left.alias, equality.left.path, right, names, dialect),
    right: keyForm(equality.right.alias, equality.right.path, left, names, dialect),
  };
}

/** The condition of a join line. */
export function sayEqualities(on: readonly Equality[], names: Names, dialect: Dialect): string {
  return on
    .map((equality) => meet(equality, names, dialect))
    .map((meeting) => (meeting === 'never' ? 'FALSE' : `${meeting.left} = ${meeting.right}`))
    .join(' AND ');
}

/** A column as it is compared with a column of type `other`; with its own type for `other`, as it is compared with itself. */
export function keyForm(alias: string, path: ColumnPath, other: Type | null, names: Names, dialect: Dialect): string {
  const type = names.type(alias, path);
  return dialect.key(say({ kind: 'column', alias, path, type }, names, dialect), type, other);
}

/** The key of a relation, part by part: as SQL that is equal exactly for rows with one key. */
export function sayKey({ alias, key }: Scan, names: Names, dialect: Dialect): readonly string[] {
  return key.map((column) => {
    const path: ColumnPath = { kind: 'nested', column, steps: [] };
    return keyForm(alias, path, names.type(alias, path), names, dialect);
  });
}

function storageOf(type: Type): Storage {
  if (type === 'integer' || type === 'numeric' || type === 'double') return 'number';
  return type === 'boolean' || type === 'bytes' ? type : 'text';
}
