import type { Field, Fields, OracleChange } from './change.ts';
import { type Json, parseAll } from './json.ts';

const NULL: Json = { kind: 'null', raw: 'null' };

/** The changes of a log of wal2json, version 1 or 2, however its records are laid out. */
export function readWal2json(text: string): OracleChange[] {
  return parseAll(text).flatMap((value) => (value.kind === 'array' ? value.items : [value]).flatMap(changesOf));
}

function changesOf(record: Json): OracleChange[] {
  const changes = member(record, 'change');
  if (changes?.kind === 'array') return changes.items.flatMap(changeOfVersion1);
  return changeOfVersion2(record);
}

function changeOfVersion1(change: Json): OracleChange[] {
  const place = placeOf(change);
  const after = (): Fields => fieldsOf(change, 'columnnames', 'columntypes', 'columnvalues');
  const keys = member(change, 'oldkeys');
  const before = keys && fieldsOf(keys, 'keynames', 'keytypes', 'keyvalues');
  switch (stringOf(change, 'kind')) {
    case 'insert':
      return [{ ...place, op: 'insert', after: after() }];
    case 'update':
      return [{ ...place, op: 'update', before: before ?? null, after: after() }];
    case 'delete':
      return [{ ...place, op: 'delete', before: before ?? new Map() }];
    default:
      return [];
  }
}

function changeOfVersion2(record: Json): OracleChange[] {
  const place = placeOf(record);
  const identity = member(record, 'identity');
  switch (stringOf(record, 'action')) {
    case 'I':
      return [{ ...place, op: 'insert', after: listed(member(record, 'columns')) }];
    case 'U':
      return [
        {
          ...place,
          op: 'update',
          before: identity ? listed(identity) : null,
          after: listed(member(record, 'columns')),
        },
      ];
    case 'D':
      return [{ ...place, op: 'delete', before: listed(identity) }];
    case 'T':
      return [{ ...place, op: 'truncate' }];
    default:
      return [];
  }
}

function placeOf(change: Json): { schema: string | null; table: string } {
  return { schema: stringOf(change, 'schema'), table: stringOf(change, 'table') ?? '' };
}

function fieldsOf(json: Json, names: string, types: string, values: string): Fields {
  const [typeList, valueList] = [itemsOf(json, types), itemsOf(json, values)];
  const entries = itemsOf(json, names).map((name, index): [string, Field] => [
    name.kind === 'string' ? name.value : name.raw,
    { type: typeText(typeList[index]), json: valueList[index] ?? NULL },
  ]);
  return new Map(entries);
}

function listed(list: Json | undefined): Fields {
  const items = list?.kind === 'array' ? list.items : [];
  const entries = items.map((item): [string, Field] => [
    stringOf(item, 'name') ?? '',
    { type: typeText(member(item, 'type')), json: member(item, 'value') ?? NULL },
  ]);
  return new Map(entries);
}

function typeText(json: Json | undefined): string | null {
  return json?.kind === 'string' ? json.value : null;
}

function member(json: Json, name: string): Json | undefined {
  return json.kind === 'object' ? json.members.get(name) : undefined;
}

function stringOf(json: Json, name: string): string | null {
  return typeText(member(json, name));
}

function itemsOf(json: Json, name: string): readonly Json[] {
  const list = member(json, name);
  return list?.kind === 'array' ? list.items : [];
}
