/** What a log says, told in one form by the reader under test and by the independent one. */
import { type Change, headerOf, type Image, type Literal, type Type } from '../../engine/change.ts';
import type { Item } from '../../engine/source/format/decoder.ts';
import { typeOf } from '../../engine/source/format/wal2json/type.ts';
import type { Fields } from '../oracle/change.ts';
import type { Json } from '../oracle/json.ts';
import { readWal2json } from '../oracle/wal2json.ts';

export type ToldRow = readonly (readonly [name: string, type: Type | null, value: Literal])[];

export interface Told {
  readonly op: Change['op'];
  readonly schema: string | null;
  readonly table: string;
  readonly before?: ToldRow | null;
  readonly after?: ToldRow;
}

export function isChange(item: Item): item is Change {
  return item.op !== 'commit' && item.op !== 'bad';
}

/** The changes among the items. */
export function changesOf(items: readonly Item[]): readonly Told[] {
  return items.filter(isChange).map(tell);
}

export function tell(change: Change): Told {
  const { schema, table } = headerOf(change);
  return {
    op: change.op,
    schema,
    table,
    ...('before' in change && { before: change.before && rowOf(change.before) }),
    ...('after' in change && { after: rowOf(change.after) }),
  };
}

function rowOf({ header, values }: Image): ToldRow {
  return header.columns.map(({ name, type }, index) => [name, type, values[index] ?? null]);
}

/** The changes as the oracle reads them, which shares no code with the engine but the names of types. */
export function judged(text: string): readonly Told[] {
  return readWal2json(text).map((change) => ({
    op: change.op,
    schema: change.schema,
    table: change.table,
    ...('before' in change && { before: change.before && fieldsOf(change.before) }),
    ...('after' in change && { after: fieldsOf(change.after) }),
  }));
}

function fieldsOf(fields: Fields): ToldRow {
  return [...fields].map(([name, { type, json }]) => [name, type === null ? null : typeOf(type), literalOf(json)]);
}

function literalOf(json: Json): Literal {
  if (json.kind === 'null') return null;
  return json.kind === 'boolean' || json.kind === 'string' ? json.value : { json: json.raw };
}

/** A row before a change without its NULLs, which version 1 leaves out of a whole row. */
export function withoutNulls(told: Told): Told {
  return told.before ? { ...told, before: told.before.filter(([, , value]) => value !== null) } : told;
}
