import type { Header } from '../../change.ts';
import { fail } from '../../diagnostic/diagnostic.ts';
import { suggestion } from '../../diagnostic/suggest.ts';
import { isAmong } from '../../interest.ts';
import { placeOf } from '../../server/place.ts';
import type { TableName } from '../../store/pick/table.ts';
import type { Source } from '../read.ts';
import type { Connection } from './connection.ts';
import { asTable } from './statement.ts';

/** A table that is there, or a query. */
export interface FoundTable {
  /** What it is called where rows come from. */
  readonly path: string;
  /** What a statement selects from. */
  readonly from: string;
  readonly header: Header;
}

/** The tables of a source, each once, in the order in which the mapping names them. Throws an EtlError where one is missing. */
export async function tablesOf(source: Source, connection: Connection): Promise<readonly FoundTable[]> {
  const { query = null, tables = [] } = source.asked ?? {};
  if (query !== null) {
    const header = { schema: null, table: source.table, columns: [] };
    return [{ path: source.table, from: asTable(query), header }];
  }
  const found = new Map<string, FoundTable>();
  for (const table of tables) {
    for (const each of await find(table, source, connection)) if (!found.has(each.path)) found.set(each.path, each);
  }
  return [...found.values()];
}

async function find({ schema, name }: TableName, { path }: Source, connection: Connection): Promise<FoundTable[]> {
  const names = await connection.tablesIn(schema);
  const found = names.filter((each) => isAmong([name], each)).sort();
  if (found.length > 0) return found.map((each) => foundTable(schema, each, connection));
  fail('TABLE_NOT_FOUND', { name }, { data: { file: placeOf(path)?.shown ?? '' }, hint: suggestion(name, names) });
}

/** Where a mapping says no schema, rows come with the one that it then reads. */
function foundTable(schema: string | null, table: string, { dialect }: Connection): FoundTable {
  const within = schema ?? dialect.schema;
  return {
    path: schema === null || schema === 'public' ? table : `${schema}.${table}`,
    from: [...(within === null ? [] : [within]), table].map(dialect.quote).join('.'),
    header: { schema: schema ?? 'public', table, columns: [] },
  };
}
