import type { Type } from '../change.ts';

/** The types that a mapping can name. */
export const types: readonly Type[] = [
  'integer',
  'numeric',
  'double',
  'boolean',
  'text',
  'date',
  'timestamp',
  'timestamptz',
  'uuid',
  'json',
  'bytes',
];

export function isType(name: string): name is Type {
  return (types as readonly string[]).includes(name);
}

/** Types of one family compare with each other. `json` and `bytes` are families of their own. */
export type Family = 'number' | 'text' | 'time' | 'boolean' | 'uuid' | 'json' | 'bytes';

const FAMILIES: Readonly<Record<Type, Family>> = {
  integer: 'number',
  numeric: 'number',
  double: 'number',
  boolean: 'boolean',
  text: 'text',
  character: 'text',
  date: 'time',
  timestamp: 'time',
  timestamptz: 'time',
  uuid: 'uuid',
  json: 'json',
  bytes: 'bytes',
};

export function familyOf(type: Type): Family {
  return FAMILIES[type];
}

/** Types that stand here further behind are what PostgreSQL widens the ones before them to, within a family. */
const WIDENING: readonly Type[] = ['integer', 'numeric', 'double', 'date', 'timestamp', 'timestamptz'];

/**
 * The one type for values of several types: PostgreSQL's "UNION, CASE, and Related Constructs".
 *
 * Of text and character it is the one that comes first. Two types of different families are handed back instead.
 */
export function commonType(all: readonly Type[]): Type | readonly [Type, Type] {
  let common = all[0] ?? 'text';
  for (const type of all) {
    if (familyOf(type) !== familyOf(common)) return [common, type];
    if (WIDENING.indexOf(type) > WIDENING.indexOf(common)) common = type;
  }
  return common;
}
