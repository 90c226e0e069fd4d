import { scansOf } from '../plan/compile.ts';
import type { Plan, Scan } from '../plan/plan.ts';
import { relationColumn } from './column-type.ts';
import type { Dialect, Remote } from './dialect.ts';
import { metricQuery } from './metric.ts';
import { type Names, namesForReading } from './names.ts';
import { type QueryColumn, sayQuery } from './query.ts';

/** A plan as a database other than SQLite is told it: what it is to have first, and the metric's SELECT. */
export interface Script {
  readonly functions: readonly string[];
  readonly tables: readonly string[];
  readonly select: string;
  readonly columns: readonly QueryColumn[];
}

/**
 * Says a plan for a database, with its relations under their aliases. `typeOf` is what is known of their columns.
 *
 * Throws an EtlError where the types don't fit an expression, or the database can't say it.
 */
export function scriptOf(plan: Plan, dialect: Remote, typeOf?: Names['type']): Script {
  const reading = namesForReading(plan, dialect);
  const names = typeOf ? { ...reading, type: typeOf } : reading;
  const query = metricQuery(plan, names, dialect);
  const select = sayQuery(query) + dialect.settings;
  const tables = new Map(scansOf(plan).map((scan) => [names.table(scan.alias), sayTable(scan, names, dialect)]));
  return { functions: functionsIn(select, dialect), tables: [...tables.values()], select, columns: query.columns };
}

function sayTable({ alias, columns }: Scan, names: Names, dialect: Remote): string {
  const lines = columns.map(
    ({ path }) => `${names.column(alias, path)} ${relationColumn(names.type(alias, path), dialect.name)}`,
  );
  return `CREATE TABLE ${names.table(alias)} (\n  ${lines.join(',\n  ')}\n)${dialect.engine};`;
}

/** The definitions of all functions that the SQL calls, those that others call before these. */
export function functionsIn(sql: string, { functions }: Pick<Dialect, 'functions'>): readonly string[] {
  const found = new Set<string>();
  for (const [name] of sql.matchAll(/\betl_\w+/g)) {
    const definition = functions.get(name);
    if (definition === undefined || found.has(definition)) continue;
    const others = new Map([...functions].filter(([each]) => each !== name));
    for (const each of functionsIn(definition, { functions: others })) found.add(each);
    found.add(definition);
  }
  return [...found];
}
