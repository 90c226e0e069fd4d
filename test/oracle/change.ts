import type { Json } from './json.ts';

/** One value of a record: the type as the log names it, null where it doesn't. */
export interface Field {
  readonly type: string | null;
  readonly json: Json;
}

export type Fields = ReadonlyMap<string, Field>;

/** What a log says about one row. A column missing from `after` keeps its value; one missing from `before` was NULL. */
export type OracleChange = { readonly schema: string | null; readonly table: string } & (
  | { readonly op: 'insert'; readonly after: Fields }
  | { readonly op: 'update'; readonly before: Fields | null; readonly after: Fields }
  | { readonly op: 'delete'; readonly before: Fields }
  | { readonly op: 'truncate' }
);
