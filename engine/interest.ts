/** Which columns of which tables are read. */

/** Plain data, which another thread can be handed. */
export type Interest = readonly TableInterest[];

export interface TableInterest {
  /** Null where it is any. */
  readonly schema: string | null;
  /** Names, or patterns in which `*` stands for any characters. */
  readonly tables: readonly string[];
  /** By their names; null where it is every one. */
  readonly columns: ReadonlySet<string> | null;
}

export const EVERYTHING: Interest = [{ schema: null, tables: ['*'], columns: null }];

/** Columns by their names, or every column that there is. */
export type Wanted = ReadonlySet<string> | typeof EVERY_COLUMN;

const EVERY_COLUMN = { has: (_: string): boolean => true } as const;

/** The columns of a table that are read; null for a table that nobody reads, whose changes come with an empty header. */
export function wantedIn(interest: Interest, schema: string | null, table: string): Wanted | null {
  const readers = interest.filter((each) => isRead(each, schema, table));
  if (readers.length === 0) return null;
  if (readers.some(({ columns }) => columns === null)) return EVERY_COLUMN;
  return new Set(readers.flatMap(({ columns }) => [...(columns ?? [])]));
}

/**
 * Whether it is of a table. A record without a schema (the plugin was told to leave it out) can only be taken at its table's
 * name.
 */
export function isRead(by: Omit<TableInterest, 'columns'>, schema: string | null, table: string): boolean {
  return (schema === null || by.schema === null || by.schema === schema) && isAmong(by.tables, table);
}

/** The names of columns that are read; null where it is every one. */
export function wantedNames(wanted: Wanted): readonly string[] | null {
  return 'size' in wanted ? [...wanted] : null;
}

/** Whether a table is one of these names, or fits a pattern. */
export function isAmong(tables: readonly string[], table: string): boolean {
  return tables.some((pattern) => matches(pattern, table));
}

/** `*` in a pattern stands for any characters; all others stand for themselves. */
function matches(pattern: string, table: string): boolean {
  if (!pattern.includes('*')) return pattern === table;
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(table);
}
