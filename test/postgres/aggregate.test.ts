/** The oracle's groups, aggregates and windows, held against what PostgreSQL makes of the same rows. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { asLines, insert, type LoggedRow, literal } from '../log/log.ts';
import { canonical, ofLog, typeOfLog } from '../oracle/datum.ts';
import { asMultiset, evaluate, type OracleRow } from '../oracle/evaluate.ts';
import type { Node } from '../oracle/node.ts';
import { parseExpression } from '../oracle/parse.ts';
import { drawAround, drawGrouped, drawWindows } from '../oracle/random/aggregate.ts';
import { type Draw, drawn } from '../oracle/random/draw.ts';
import { condition, type Reach } from '../oracle/random/expression.ts';
import { drawRow, KINDS, type RandomTable } from '../oracle/random/table.ts';
import { type StaticType, typeOf } from '../oracle/type.ts';
import { readWal2json } from '../oracle/wal2json.ts';
import { NO_POSTGRES, type Postgres, startPostgres } from '../servers/postgres.ts';
import { isFull, runs, SEED } from '../support/counts.ts';
import { tell } from '../support/tally.ts';
import { saying } from './sql.ts';

/** Doubles whose sums are exact in any order: PostgreSQL rounds after each value. */
const EVEN = [0.5, -0.25, 3, 1024.125, -2];

/** A column of each kind. */
const TABLE: RandomTable = {
  name: 't',
  key: [],
  columns: KINDS.map((kind, n) => ({
    name: `c${n}`,
    kind: kind.family === 'double' ? { ...kind, values: EVEN } : kind,
  })),
};

const REACH: readonly Reach[] = TABLE.columns.map((column) => ({ path: `t.${column.name}`, column }));

interface Question {
  readonly rows: readonly LoggedRow[];
  readonly where: string | null;
  /** Null where the rows are not grouped. */
  readonly groups: readonly string[] | null;
  readonly columns: readonly string[];
}

const question = (windows: boolean) =>
  drawn((draw): Question => {
    const rows = Array.from({ length: draw.count(0, 12) }, () => drawRow(draw, TABLE));
    const where = draw.chance(20) ? condition(draw, REACH, 1) : null;
    const grouped = !windows || draw.chance(40) ? drawGrouped(draw, REACH) : null;
    const reach = grouped?.reach ?? REACH;
    const all = windows ? drawWindows(draw, reach, grouped?.keys ?? REACH) : reach;
    return { rows, where, groups: grouped?.groups ?? null, columns: drawColumns(draw, all) };
  });

function drawColumns(draw: Draw, reach: readonly Reach[]): string[] {
  const plain = reach.filter(({ column }) => column.kind.family !== 'json');
  return Array.from({ length: draw.count(1, 4) }, () => drawAround(draw, plain));
}

let postgres: Postgres | null = null;

beforeAll(async () => {
  postgres = startPostgres();
  if (!postgres && isFull) throw new Error(NO_POSTGRES);
  const columns = TABLE.columns.map(({ name, kind }) => `${name} ${typeInPostgres(kind.type)}`);
  await postgres?.query(`SET client_min_messages = error; CREATE TABLE t (${columns.join(', ')})`);
});

afterAll(() => postgres?.stop());

test.for([
  ['groups and aggregates', false],
  ['windows', true],
] as const)(`%s are to the oracle what they are to PostgreSQL (ETL_SEED=${SEED})`, async ([, windows], context) => {
  if (!postgres) return context.skip(NO_POSTGRES);
  for (const each of fc.sample(question(windows), { numRuns: runs(300, 5_000), seed: SEED })) {
    const sql = queryOf(each);
    const answers = await postgres.query(`${fillOf(each.rows)};\n${sql}`);
    const nodes = each.columns.map(parseExpression);
    const theirs = answers.map((answer) => answerOf(answer, nodes.map(typeOfNode)));
    const log = asLines(each.rows.map((row) => insert('t', row)));
    const ours = evaluate(mappingOf(each), readWal2json(log)).map((row) => unpadded(row, nodes.map(typeOfNode)));
    expect(asMultiset(ours), `${mappingOf(each)}\n${log}\n${sql}`).toEqual(asMultiset(theirs));
    tell(`random ${windows ? 'windows' : 'aggregates'}, oracle against PostgreSQL`);
  }
});

function mappingOf({ where, groups, columns }: Question): string {
  return JSON.stringify({
    tables: {
      t: { key: [], types: Object.fromEntries(TABLE.columns.map(({ name, kind }) => [name, typeOfLog(kind.type)])) },
    },
    from: 't',
    ...(where === null ? {} : { where }),
    ...(groups === null ? {} : { group_by: groups }),
    columns: columns.map((expr, n) => ({ name: `column_${n}`, expr })),
  });
}

function typeOfNode(node: Node): StaticType {
  return typeOf(node, ([, name, ...steps]) => {
    const column = TABLE.columns.find((each) => each.name === name);
    return steps.length > 0 ? 'text' : typeOfLog(column?.kind.type ?? '');
  });
}

const say = saying((segments) => {
  const type = typeOfNode({ kind: 'path', segments });
  return type === 'literal' ? null : type;
});

function queryOf({ where, groups, columns }: Question): string {
  const items = columns.map((column) => `(${say(parseExpression(column))})::text`);
  // A bare constant would be the number of a column.
  const keys = groups?.map((group) => {
    const node = parseExpression(group);
    return typeOfNode(node) === 'literal' ? `${say(node)}::text` : say(node);
  });
  return [
    `SELECT json_build_array(${items.join(', ')}) FROM t`,
    ...(where === null ? [] : [`WHERE ${say(parseExpression(where))}`]),
    ...(keys ? [`GROUP BY ${keys.length > 0 ? keys.join(', ') : '()'}`] : []),
  ].join('\n');
}

function fillOf(rows: readonly LoggedRow[]): string {
  const tuple = (row: LoggedRow): string => `(${row.map(([, type, value]) => said(type, value)).join(', ')})`;
  return rows.length === 0 ? 'TRUNCATE t' : `TRUNCATE t;\nINSERT INTO t VALUES ${rows.map(tuple).join(', ')}`;
}

function said(type: string, value: LoggedRow[number][2]): string {
  if (value === null) return 'NULL';
  const written = typeof value === 'string' ? value : literal(value);
  const quoted = `'${written.replaceAll("'", "''")}'`;
  return type.startsWith('numeric') ? `trim_scale(${quoted})` : quoted;
}

/** Where the language has one type, so has the table. Of jsonb PostgreSQL takes a text for an array that holds it. */
function typeInPostgres(type: string): string {
  if (type.startsWith('numeric')) return 'numeric';
  return { integer: 'bigint', jsonb: 'json', mood: 'text' }[type] ?? type;
}

function answerOf(answer: string, types: readonly StaticType[]): OracleRow {
  const values = JSON.parse(answer) as readonly (string | null)[];
  return values.map((value, n) => {
    const type = types[n] ?? 'text';
    const read = { kind: 'string', value: value ?? '', raw: '' } as const;
    return value === null ? null : canonical(ofLog(read, type === 'literal' ? 'text' : type));
  });
}

/** A character(n) as PostgreSQL makes a text of it. */
function unpadded(row: OracleRow, types: readonly StaticType[]): OracleRow {
  return row.map((value, n) => (types[n] === 'character' && value !== null ? value.replace(/ +$/, '') : value));
}
