/** The language said to PostgreSQL, so that it can be asked what an expression means. */
import type { Type } from '../../engine/change.ts';
import type { Expression } from '../../engine/expression/expression.ts';
import type { Postgres } from '../servers/postgres.ts';

/** The types of the language as PostgreSQL calls them. */
export const POSTGRES_TYPES: Readonly<Record<Type, string>> = {
  integer: 'bigint',
  numeric: 'numeric',
  double: 'double precision',
  boolean: 'boolean',
  text: 'text',
  character: 'character',
  date: 'date',
  timestamp: 'timestamp without time zone',
  timestamptz: 'timestamp with time zone',
  uuid: 'uuid',
  json: 'json',
  bytes: 'bytea',
};

/** What PostgreSQL answers: type and text of the value (null is NULL), or its error. */
export type Answer = { readonly type: string; readonly text: string | null } | { readonly error: string };

/**
 * `said` hands back what it gets: an integer of four bytes as one of eight, a numeric without trailing zeros. As nobody
 * knows what it does, nothing around it is computed before a row is. Places and counts, integers of four bytes in
 * PostgreSQL, are cut to what these hold.
 */
const SETUP = `
  CREATE FUNCTION said(integer) RETURNS bigint VOLATILE LANGUAGE plpgsql AS 'BEGIN RETURN $1; END';
  CREATE FUNCTION said(numeric) RETURNS numeric VOLATILE LANGUAGE plpgsql AS 'BEGIN RETURN trim_scale($1); END';
  ${Object.values(POSTGRES_TYPES)
    .filter((type) => type !== 'numeric')
    .map((type) => `CREATE FUNCTION said(${type}) RETURNS ${type} VOLATILE LANGUAGE plpgsql AS 'BEGIN RETURN $1; END';`)
    .join('\n')}
  CREATE FUNCTION plus(date, bigint) RETURNS date LANGUAGE sql AS 'SELECT $1 + $2::integer';
  CREATE FUNCTION plus(bigint, date) RETURNS date LANGUAGE sql AS 'SELECT $2 + $1::integer';
  CREATE FUNCTION minus(date, bigint) RETURNS date LANGUAGE sql AS 'SELECT $1 - $2::integer';
  CREATE OPERATOR + (LEFTARG = date, RIGHTARG = bigint, FUNCTION = plus);
  CREATE OPERATOR + (LEFTARG = bigint, RIGHTARG = date, FUNCTION = plus);
  CREATE OPERATOR - (LEFTARG = date, RIGHTARG = bigint, FUNCTION = minus);
  CREATE FUNCTION is_true(bigint) RETURNS boolean LANGUAGE sql AS 'SELECT $1 <> 0';
  CREATE FUNCTION to_whole(boolean) RETURNS bigint LANGUAGE sql AS 'SELECT $1::integer::bigint';
  CREATE CAST (bigint AS boolean) WITH FUNCTION is_true(bigint);
  CREATE CAST (boolean AS bigint) WITH FUNCTION to_whole(boolean);
  CREATE FUNCTION small(bigint) RETURNS integer STRICT LANGUAGE sql AS
    'SELECT least(greatest($1, -1000000000), 1000000000)::integer';
  CREATE FUNCTION substr_(text, bigint) RETURNS text LANGUAGE sql AS 'SELECT substr($1, small($2))';
  CREATE FUNCTION substr_(text, bigint, bigint) RETURNS text LANGUAGE sql AS 'SELECT substr($1, small($2), small($3))';
  CREATE FUNCTION round_(numeric, bigint) RETURNS numeric LANGUAGE sql AS 'SELECT round($1, small($2))';
  CREATE FUNCTION hour_(date) RETURNS interval LANGUAGE plpgsql AS 'BEGIN RAISE ''a date has no hour''; END';
  ${['year', 'month', 'day', 'hour']
    .flatMap((part) =>
      (part === 'hour' ? [] : ['date']).concat('timestamp', 'timestamptz').map(
        (type) => `CREATE FUNCTION ${part}_(${type}) RETURNS bigint LANGUAGE plpgsql AS
          'BEGIN RETURN extract(${part} FROM $1)::bigint; END';`,
      ),
    )
    .join('\n')}
  CREATE FUNCTION part_of_key(text) RETURNS text LANGUAGE sql AS
    'SELECT coalesce(octet_length($1) || '':'' || $1, ''n'')';
  CREATE FUNCTION answer(expression text, row_id integer) RETURNS json LANGUAGE plpgsql AS $body$
    DECLARE answered json;
    BEGIN
      EXECUTE format('SELECT json_build_object(''type'', pg_typeof(v)::text, ''text'', v::text)
        FROM (SELECT (%s) AS v FROM t WHERE t.id = %s OFFSET 0) AS answers', expression, row_id) INTO answered;
      RETURN answered;
    EXCEPTION WHEN OTHERS THEN
      RETURN json_build_object('error', sqlerrm);
    END $body$;`;

/** Makes the functions that `ask` needs, and the table `t` of typed columns that expressions read. */
export async function teach(
  postgres: Postgres,
  columns: ReadonlyMap<string, string>,
  rows: readonly (readonly (string | null)[])[],
): Promise<void> {
  await postgres.query('SET client_min_messages = error');
  await postgres.query(SETUP);
  await postgres.query(`CREATE TABLE t (id integer, ${[...columns].map((column) => column.join(' ')).join(', ')})`);
  const values = rows.map((row, n) => `(${[String(n), ...row.map(literal)].join(', ')})`);
  await postgres.query(`INSERT INTO t VALUES ${values.join(', ')}`);
}

/** What PostgreSQL makes of SQL expressions, each over one row of `t`. */
export async function ask(
  postgres: Postgres,
  questions: readonly { readonly sql: string; readonly row: number }[],
): Promise<Answer[]> {
  const values = questions.map(({ sql, row }, n) => `(${n}, ${literal(sql)}, ${row})`);
  if (values.length === 0) return [];
  const answers = await postgres.query(
    `SELECT answer(sql, row_id) FROM (VALUES ${values.join(', ')}) AS questions (n, sql, row_id) ORDER BY n`,
  );
  return answers.map((answer) => JSON.parse(answer) as Answer);
}

/** A resolved expression as PostgreSQL's SQL; every value in it is `said`. */
export function sqlOf(expression: Expression): string {
  switch (expression.kind) {
    case 'column':
      return `${expression.alias}.${expression.path.kind === 'nested' ? expression.path.column : ''}`;
    case 'null':
      return 'NULL';
    case 'string':
      return literal(expression.value);
    case 'boolean':
      return `said(${expression.value})`;
    case 'number':
      return number(expression.digits);
    case 'unary':
      if (expression.operand.kind === 'number' && expression.op === '-') return number(`-${expression.operand.digits}`);
      return said(`${expression.op} ${sqlOf(expression.operand)}`);
    case 'binary':
      return said(`${sqlOf(expression.left)} ${expression.op} ${sqlOf(expression.right)}`);
    case 'is null':
      return said(`${sqlOf(expression.operand)} IS ${not(expression)} NULL`);
    case 'in':
      return said(`${sqlOf(expression.operand)} ${not(expression)} IN (${expression.list.map(sqlOf).join(', ')})`);
    case 'between':
      return said(
        `${sqlOf(expression.operand)} ${not(expression)} BETWEEN ${sqlOf(expression.low)} AND ${sqlOf(expression.high)}`,
      );
    case 'like':
      return said(`${sqlOf(expression.operand)} ${not(expression)} LIKE ${sqlOf(expression.pattern)}`);
    case 'case': {
      const whens = expression.whens.map(({ when, then }) => `WHEN ${sqlOf(when)} THEN ${sqlOf(then)}`);
      const otherwise = expression.otherwise ? `ELSE ${sqlOf(expression.otherwise)}` : '';
      return said(`CASE ${expression.operand ? sqlOf(expression.operand) : ''} ${whens.join(' ')} ${otherwise} END`);
    }
    case 'cast':
      return said(`CAST(${sqlOf(expression.operand)} AS ${POSTGRES_TYPES[expression.type]})`);
    case 'call':
      return said(callOf(expression.name, expression.args.map(sqlOf)));
    case 'aggregate':
      throw new Error('an aggregate is no expression of one row');
  }
}

/** What steps into JSON lead to, at last as text. */
export function pathSql(json: string, steps: readonly (string | number)[]): string {
  const written = steps.map((step) => (typeof step === 'number' ? `(${step})` : literal(step)));
  return written.reduce(
    (sql, step, n) => `${sql} ${n === steps.length - 1 ? '->>' : '->'} ${step}`,
    `${literal(json)}::json`,
  );
}

function callOf(name: string, args: readonly string[]): string {
  if (name === 'surrogate_key') return `md5(${args.map((arg) => `part_of_key(CAST(${arg} AS text))`).join(' || ')})`;
  const differs = ['year', 'month', 'day', 'hour', 'substr'].includes(name) || (name === 'round' && args.length === 2);
  return `${differs ? `${name}_` : name}(${args.join(', ')})`;
}

function not({ negated }: { readonly negated: boolean }): string {
  return negated ? 'NOT' : '';
}

function said(sql: string): string {
  return `said(${sql})`;
}

function number(digits: string): string {
  const isWhole = /^-?\d+$/.test(digits) && BigInt.asIntN(64, BigInt(digits)) === BigInt(digits);
  return said(isWhole ? `(${digits})::bigint` : `(${digits})::numeric`);
}

function literal(value: string | null): string {
  return value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`;
}
