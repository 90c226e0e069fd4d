import type { Row, Type, Value } from '../../change.ts';
import { decode, encode } from '../../expression/code.ts';
import type { Expression, Typed } from '../../expression/expression.ts';
import { pathText } from '../../expression/paths.ts';
import { inferTypes } from '../../expression/type/type.ts';
import type { Plan, Scan } from '../../plan/plan.ts';
import { orderOperation } from '../../sql/dialect.ts';
import { typed } from '../../sql/expression.ts';
import { compareValues } from '../order.ts';
import { namesInState } from '../state/names.ts';
import type { Relation } from '../state/stock.ts';

/** Tells the version of a row, which may be the first columns of one only: those of a tombstone. */
export type VersionOf = (row: Row) => Value;

/** Whether the first of two versions is the older one. NULL is older than any other. */
export function isOlder(version: Value, than: Value): boolean {
  return compareValues(version, than) < 0;
}

/** Tells versions by what is known of types by now. Throws an EtlError where these don't fit the expression. */
export function versionOf(plan: Plan, relation: Relation, version: Expression): VersionOf {
  return telling(relation.scan, versionForm(plan, relation, version));
}

/**
 * The version as it is compared: in a form of which the database and `isOlder` make PostgreSQL's order. Throws an EtlError
 * where the types don't fit the expression.
 */
export function versionForm(plan: Plan, relation: Relation, version: Expression): Typed {
  return orderForm(typed(plan, version, namesInState(plan, [relation])));
}

/** Tells versions by the types that columns have where a record is read. Null where these don't fit the expression. */
export function versionIn({ version, columns, ...scan }: Scan, types: readonly (Type | null)[]): VersionOf | null {
  if (version === null) return null;
  const texts = columns.map(({ path }) => pathText(path));
  const inferred = inferTypes(version, (_, path) => types[texts.indexOf(pathText(path))] ?? null);
  return 'typed' in inferred ? telling({ version, columns, ...scan }, orderForm(inferred.typed)) : null;
}

function telling({ columns }: Scan, form: Typed): VersionOf {
  const texts = columns.map(({ path }) => pathText(path));
  const encoded = encode(form);
  const [compute, places] = [decode(encoded.text), encoded.columns.map(({ path }) => texts.indexOf(pathText(path)))];
  return (row) => compute(places.map((place) => row[place] ?? null));
}

function orderForm(version: Typed): Typed {
  const operation = orderOperation(version.type);
  return operation === null ? version : { kind: 'call', operation, args: [version], type: null };
}
