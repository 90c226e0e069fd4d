/** A metric by the plan's SELECT over the relations of a state, on any database. */
import type { Row, Type, Value } from '../../engine/change.ts';
import { uuidText } from '../../engine/expression/operation/cast.ts';
import type { Mapping } from '../../engine/mapping/mapping.ts';
import { compile, scansOf } from '../../engine/plan/compile.ts';
import type { Plan } from '../../engine/plan/plan.ts';
import { type Dialect, type Remote, sqlite } from '../../engine/sql/dialect.ts';
import { metricQuery } from '../../engine/sql/metric.ts';
import type { Names } from '../../engine/sql/names.ts';
import { sayQuery } from '../../engine/sql/query.ts';
import { scriptOf } from '../../engine/sql/script.ts';
import { readDatabase } from '../../engine/store/database/database.ts';
import { namesInState } from '../../engine/store/state/names.ts';
import { findState } from '../../engine/store/state/state.ts';
import type { Relation } from '../../engine/store/state/stock.ts';
import { asText, type Contender, plain } from './contender.ts';

/** What a state keeps of a plan's relations, and what the engine derives from it. */
export interface Kept {
  readonly plan: Plan;
  readonly relations: readonly { readonly relation: Relation; readonly rows: readonly Row[] }[];
  readonly typeOf: Names['type'];
  readonly metric: readonly string[];
  /** Whether rows are held to checks that may not be computed: the engine rejects such a row, elsewhere the query fails. */
  readonly hasAttempts: boolean;
}

/** Reads the state of a mapping that was run. */
export function keptIn(database: string, mapping: Mapping): Kept {
  const plan = compile(mapping);
  const db = readDatabase(database);
  try {
    // A relation may keep columns that the plan does not name, and no other database is told of.
    const relations = (findState(db, plan)?.relations ?? []).map((relation, n) => ({
      ...relation,
      scan: scansOf(plan)[n] ?? relation.scan,
    }));
    const names = namesInState(plan, relations);
    const rowsOf = ({ table, scan }: Relation): Row[] => {
      const columns = scan.columns.map(({ path }) => names.column(scan.alias, path)).join(', ');
      return db.prepare(`SELECT ${columns} FROM ${table}`).raw().all() as Row[];
    };
    // Numbers as they are computed, not as a target of SQLite holds them.
    const query = metricQuery(plan, names, { ...sqlite, output: (sql) => sql });
    const values = query.columns.map(({ label, type }) => asText(label, type, sqlite));
    const rows = db
      .prepare(`SELECT ${values.join(', ')} FROM (${sayQuery(query)})`)
      .raw()
      .all() as Row[];
    const kept = relations.map((relation) => withoutFalseUuids(relation, rowsOf(relation)));
    return {
      plan,
      relations: kept,
      typeOf: namesInState(
        plan,
        kept.map(({ relation }) => relation),
      ).type,
      metric: multiset(rows, query.columns, sqlite),
      hasAttempts: sayQuery(query).includes('etl_failing('),
    };
  } finally {
    db.close();
  }
}

/** The log of a test may hold a uuid that is none. The engine takes it as it came; elsewhere such a column is a text. */
function withoutFalseUuids(relation: Relation, rows: readonly Row[]): Kept['relations'][number] {
  const isFalse = (value: Value) => typeof value === 'string' && uuidText(value) === null;
  const types = relation.types.map((type, n) =>
    type === 'uuid' && rows.some((row) => isFalse(row[n] ?? null)) ? 'text' : type,
  );
  return { relation: { ...relation, types }, rows };
}

/** The same rows by another database, whose tables are gone afterwards. */
export async function metricBy(contender: Contender, { plan, relations, typeOf }: Kept): Promise<readonly string[]> {
  const dialect = contender.dialect as Remote;
  const { tables, select, columns } = scriptOf(plan, dialect, typeOf);
  return contender.alone(async () => {
    await contender.run(tables);
    for (const { relation, rows } of relations) {
      const { alias } = relation.scan;
      const kept = scansOf(plan).find((scan) => scan.alias === alias)?.columns ?? [];
      // What a table keeps for mappings to come stands behind them.
      const said = rows.map(
        (row) =>
          `(${row
            .slice(0, kept.length)
            .map((value, n) => dialect.value(value, relation.types[n] ?? null))
            .join(', ')})`,
      );
      if (kept.length > 0 && said.length > 0)
        await contender.run([`INSERT INTO ${dialect.quote(alias)} VALUES\n${said.join(',\n')}`]);
    }
    const values = columns.map(({ label, type }) => asText(label, type, dialect));
    const inner = select.slice(0, select.length - dialect.settings.length);
    const rows = await contender.rows(`SELECT ${values.join(', ')} FROM (${inner}) AS metric${dialect.settings}`);
    return multiset(rows, columns, dialect);
  });
}

/** Rows as texts that are equal for equal rows, in order. */
function multiset(
  rows: readonly Row[],
  columns: readonly { readonly type: Type | null }[],
  dialect: Dialect,
): readonly string[] {
  return rows
    .map((row) => JSON.stringify(row.map((value, n) => plain(value, columns[n]?.type ?? null, dialect))))
    .sort();
}
