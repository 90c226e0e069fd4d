import type { Type } from '../change.ts';
import type { Dialect } from './dialect.ts';

/** A value in a form of which there is one for all that are one for PostgreSQL: an instant may be written with several offsets. */
export function keyOf(type: Type | null, dialect: Dialect): (value: string) => string {
  return type === 'timestamptz' ? (value) => operation('text_to_timestamptz', value, dialect) : (value) => value;
}

/** A value in a form that the database puts in PostgreSQL's order. */
export function orderOf(type: Type | null, dialect: Dialect): (value: string) => string {
  switch (type) {
    case null:
      return (value) => operation('order_dynamic', value, dialect);
    case 'numeric':
      return (value) => operation('order_numeric', value, dialect);
    case 'character':
      return (value) => operation('key_character', value, dialect);
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return (value) => operation('key_instant', value, dialect);
    default:
      return (value) => value;
  }
}

function operation(name: string, value: string, dialect: Dialect): string {
  return dialect.native.get(name)?.([value]) ?? `etl_${name}(${value})`;
}
