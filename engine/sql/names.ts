import type { Type } from '../change.ts';
import type { ColumnPath } from '../expression/expression.ts';
import { pathText } from '../expression/paths.ts';
import { scansOf } from '../plan/compile.ts';
import type { Plan } from '../plan/plan.ts';
import { type Dialect, quote } from './dialect.ts';

/** What a plan's names stand for in one database: its tables, its columns, and their types as far as they are known. */
export interface Names {
  /** The table that holds a relation, quoted. */
  readonly table: (alias: string) => string;
  /** The relation's name within a query, quoted; unique without regard to case. */
  readonly alias: (alias: string) => string;
  /** A column of it, quoted, without its alias. */
  readonly column: (alias: string, path: ColumnPath) => string;
  readonly type: (alias: string, path: ColumnPath) => Type | null;
}

/**
 * Names for reading: relations under their aliases, columns under the paths of the mapping.
 *
 * This is what `explain` prints. The types are those the mapping says; the log may know more.
 */
export function namesForReading(plan: Plan, dialect: Pick<Dialect, 'quote' | 'reserved'>): Names {
  const { quote } = dialect;
  const types = new Map(
    scansOf(plan).map((scan) => [
      scan.alias,
      new Map(scan.columns.map((column) => [pathText(column.path), column.type])),
    ]),
  );
  return {
    table: quote,
    alias: aliasesIn(plan, dialect),
    column: (_, path) => quote(pathText(path)),
    type: (alias, path) => types.get(alias)?.get(pathText(path)) ?? null,
  };
}

/** Aliases as a dialect wants them. */
export function aliasesIn(plan: Plan, dialect: Pick<Dialect, 'quote' | 'reserved'>): Names['alias'] {
  return aliases(plan, dialect.quote, dialect.reserved(plan));
}

/** SQL's identifiers have no case, the language's have: two aliases that differ in case only are told apart by a number. */
export function aliases(
  plan: Pick<Plan, 'root' | 'joins'>,
  say = quote,
  reserved: readonly string[] = [],
): Names['alias'] {
  const taken = new Set(reserved.map((name) => name.toLowerCase()));
  const names = new Map<string, string>();
  for (const { alias } of scansOf(plan)) {
    let name = alias;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${alias}_${n}`;
    taken.add(name.toLowerCase());
    names.set(alias, say(name));
  }
  return (alias) => names.get(alias) ?? say(alias);
}
