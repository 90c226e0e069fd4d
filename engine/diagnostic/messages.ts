/**
 * All wording of the engine's findings, and the exit code each leads to.
 *
 * The sentence says what is, with the user's own words in double quotes, then what was expected.
 */
interface Message {
  /** 1 bad data, 2 mapping or flags, 3 not found or not allowed, 4 a check that failed. */
  readonly exit: 1 | 2 | 3 | 4;
  readonly severity?: 'warning';
  readonly text: (facts: never) => string;
}

/** What a value of a mapping is, in YAML's words. */
export type Kind = keyof typeof kinds;

const kinds = {
  map: 'a map',
  list: 'a list',
  text: 'a text',
  number: 'a number',
  boolean: 'true or false',
  null: 'empty',
  expression: 'an expression',
} as const;

const sinks = '"sqlite", "postgres" and "clickhouse"';

/** Who has a name that a mapping can't have. */
const owners = {
  facts: '`source.file` is where a row came from',
  sqlite: 'SQLite keeps all names that start with sqlite_',
  state: 'the state is kept in tables that start with _etl_',
} as const;

/** A value of a mapping: the one under a key, an item of the list there, or (null) the mapping. */
export interface Spot {
  readonly key: string | null;
  readonly item: boolean;
}

function spoken({ key, item }: Spot): string {
  if (key === null) return 'a mapping';
  return item ? `an item of "${key}"` : `"${key}"`;
}

/** The first of some names. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 6).map((name) => `"${name}"`);
  return [...shown, ...(names.length > shown.length ? ['...'] : [])].join(', ');
}

function failing({ alias, rows, check }: { alias: string; rows: number; check: string }): string {
  return `${rows === 1 ? `a row of "${alias}" fails` : `${rows} rows of "${alias}" fail`} the check "${check}"`;
}

/** What a changed mapping needs and a state does not hold: a table or a column of it, or one under other declarations. */
export interface Lack {
  readonly alias: string;
  readonly what: 'table' | 'column' | 'type' | 'every column' | 'source' | 'schema' | 'tables' | 'key' | 'version';
  /** The path of the column; null where it is not about one. */
  readonly path: string | null;
}

/** In few words: `event.name, rows of "transaction" by another key`. */
export function lacking(lacks: readonly Lack[]): string {
  const said = lacks.map(({ alias, what, path }) => {
    if (what === 'table') return `the table "${alias}"`;
    if (what === 'every column') return `every column of "${alias}"`;
    if (what === 'column') return `${alias}.${path}`;
    if (what === 'type') return `another type of ${alias}.${path}`;
    return `rows of "${alias}" by ${what === 'tables' ? 'other' : 'another'} ${what}`;
  });
  return said.join(', ');
}

/** Why a table that another one made can't take the rows of a metric. */
export type Misfit =
  | { readonly why: 'kind'; readonly kind: 'view' | 'virtual' | 'shadow' }
  | { readonly why: 'rowid' }
  | { readonly why: 'missing' | 'computed' | 'required' | 'primary' | 'collation'; readonly column: string }
  | { readonly why: 'type' | 'key type'; readonly column: string; readonly declared: string; readonly type: string };

function misfitting(misfit: Misfit): string {
  switch (misfit.why) {
    case 'kind':
      return misfit.kind === 'view' ? 'it is a view' : 'it is no ordinary table';
    case 'rowid':
      return 'its columns rowid, _rowid_ and oid leave no name for the number of a row';
    case 'missing':
      return `it has no column "${misfit.column}"`;
    case 'computed':
      return `its column "${misfit.column}" is computed`;
    case 'required':
      return `its column "${misfit.column}" may not be NULL, and the metric has no such column`;
    case 'primary':
      return `its primary key takes in "${misfit.column}", which is not among sink.key, and it has no rowid`;
    case 'collation':
      return `its column "${misfit.column}" compares texts in a way that SQLite does not know`;
    case 'type':
      return `its column "${misfit.column}" is ${misfit.declared}, which does not keep ${misfit.type} as it is`;
    case 'key type':
      return `its column "${misfit.column}" is ${misfit.declared}, in which keys that are ${misfit.type} are not found again`;
  }
}

/** What a join's counts say, where that is more than is expected. */
const missed = {
  waiting: (f: { alias: string; count: number; rows: number }) =>
    `${f.count} of ${f.rows} rows wait for a partner in "${f.alias}"`,
  null_key: (f: { alias: string; count: number; rows: number }) =>
    `${f.count} of ${f.rows} rows have a NULL key for "${f.alias}"`,
  fanout: (f: { alias: string; count: number }) => `one row has ${f.count} partners in "${f.alias}"`,
} as const;

export const messages = {
  UNKNOWN_TABLE: {
    exit: 2,
    text: (f: { name: string }) => `"${f.name}" is not declared under tables`,
  },

  // The file of a mapping.
  MAPPING_NOT_FOUND: { exit: 3, text: () => 'there is no such mapping' },
  MAPPING_IS_FOLDER: { exit: 3, text: () => 'this is a folder, and a mapping is one YAML file' },
  MAPPING_NOT_READABLE: { exit: 3, text: (f: { reason: string }) => `the mapping can not be read: ${f.reason}` },
  MAPPING_NOT_UTF8: { exit: 2, text: () => 'this file is not UTF-8, and a mapping is UTF-8 text' },
  EMPTY_MAPPING: { exit: 2, text: () => 'this file is empty, and a mapping has at least a metric' },
  NOT_YAML: { exit: 2, text: (f: { reason: string }) => `this is not YAML: ${f.reason}` },
  NOT_A_MAP: {
    exit: 2,
    text: (f: { actual: Kind }) => `a mapping is keys with values, and this file is ${kinds[f.actual]}`,
  },
  SEVERAL_DOCUMENTS: { exit: 2, text: () => 'a second document starts here, and a mapping is one' },
  DUPLICATE_KEY: {
    exit: 2,
    text: (f: { name: string; line: number }) => `"${f.name}" stands here twice, first in line ${f.line}`,
  },
  CUT_TEXT: {
    exit: 2,
    text: (f: { name: string }) => `"${f.name}" has no value: inside { } a comma ends the text before it`,
  },
  UNPRINTABLE_TEXT: { exit: 2, text: () => 'this text holds the character NUL, which no name and no value can have' },

  // The shape of a mapping.
  UNKNOWN_KEY: { exit: 2, text: (f: { name: string; of: Spot }) => `"${f.name}" is no key of ${spoken(f.of)}` },
  MISSING_KEY: { exit: 2, text: (f: { name: string; of: Spot }) => `${spoken(f.of)} requires "${f.name}"` },
  WRONG_TYPE: {
    exit: 2,
    text: (f: { of: Spot; expected: readonly Kind[]; actual: Kind }) =>
      `${spoken(f.of)} takes ${f.expected.map((kind) => kinds[kind]).join(' or ')}, and is ${kinds[f.actual]}`,
  },
  EMPTY_VALUE: { exit: 2, text: (f: { of: Spot }) => `${spoken(f.of)} is empty, and requires a value` },
  NOT_AN_IDENTIFIER: {
    exit: 2,
    text: (f: { name: string; value: string }) =>
      `"${f.name}" takes letters, digits and _, with no digit first, and is "${f.value}"`,
  },
  UNKNOWN_FORMAT: { exit: 2, text: (f: { name: string }) => `"${f.name}" is no format that can be read` },
  UNKNOWN_MODE: { exit: 2, text: (f: { name: string }) => `"${f.name}" is no mode of a source` },
  UNKNOWN_ON_FAIL: { exit: 2, text: (f: { name: string }) => `"${f.name}" is nothing that a check can do with a row` },
  KEEP_NOT_A_PATH: {
    exit: 2,
    text: (f: { text: string }) => `"keep" takes columns and paths into them, and "${f.text}" is an expression`,
  },
  UNKNOWN_TYPE: { exit: 2, text: (f: { name: string }) => `"${f.name}" is no type` },
  UNKNOWN_ENCODING: { exit: 2, text: (f: { name: string }) => `"${f.name}" is no encoding that can be read` },
  BAD_DELIMITER: {
    exit: 2,
    text: (f: { text: string }) => `"${f.text}" is no delimiter, which is one character, no quote and no line end`,
  },
  BAD_STEPS: {
    exit: 2,
    text: (f: { text: string }) => `"${f.text}" is no place in a document, which is names with dots between them`,
  },
  OPERATION_TWICE: {
    exit: 2,
    text: (f: { value: string; first: string; second: string }) =>
      f.first === f.second
        ? `"${f.value}" stands twice in ${f.first}`
        : `"${f.value}" means ${f.first} and ${f.second}, and a value means one of them`,
  },
  JOIN_KIND: { exit: 2, text: () => 'a join is a text, { left: ... } or { inner: ... }' },
  SINK_KIND: { exit: 2, text: () => `a sink is one of ${sinks}` },
  BAD_BOUND: {
    exit: 2,
    text: (f: { of: Spot; expected: 'rows' | 'partners' }) =>
      `${spoken(f.of)} takes ${f.expected === 'rows' ? 'a number of rows, or a part of them such as 10%' : 'a number of partners, at least 1'}`,
  },
  SOURCE_AND_SOURCES: {
    exit: 2,
    text: () => '"source" and "sources" stand side by side, and a mapping has one of them',
  },

  // The environment.
  MISSING_VARIABLE: {
    exit: 3,
    text: (f: { name: string; message: string | null }) =>
      f.message === null ? `the variable "${f.name}" is not set` : `the variable "${f.name}" is not set: ${f.message}`,
  },
  BAD_VARIABLE: {
    exit: 2,
    text: (f: { text: string }) =>
      `"${f.text}" is no variable, which is \${NAME}, \${NAME:-default} or \${NAME:?message}`,
  },
  VARIABLE_NOT_HERE: {
    exit: 2,
    text: (f: { text: string; name: string }) => `"${f.text}" holds a variable, and ${f.name} is taken as it stands`,
  },

  // What the names of a mapping mean.
  UNKNOWN_SOURCE: { exit: 2, text: (f: { name: string }) => `"${f.name}" is not declared under sources` },
  ONE_TABLE: {
    exit: 2,
    text: (f: { format: string; name: string }) =>
      `a source of ${f.format} is one table, and "${f.name}" names another`,
  },
  KEYLESS_UPSERT: {
    exit: 2,
    text: (f: { alias: string }) =>
      `"${f.alias}" has no key, and its source reads a file that was replaced again by key (mode: upsert)`,
  },
  KEYLESS_VERSION: {
    exit: 2,
    text: (f: { alias: string }) => `"version" orders the changes of one key, and "${f.alias}" has no key`,
  },
  KEYLESS_TABLE: {
    exit: 2,
    text: (f: { alias: string }) =>
      `"${f.alias}" has no key, and rows of a database are told apart by their key when they are read again`,
  },
  WATERMARK_AND_SNAPSHOT: {
    exit: 2,
    text: () => '"watermark" and "mode" stand side by side, and a table is read by the one or by the other',
  },
  BAD_LOOKBACK: {
    exit: 2,
    text: (f: { text: string }) =>
      `"${f.text}" is no way to look back, which is a time such as 30s, 5m, 2h or 1d, or a whole number`,
  },
  UNKNOWN_DATABASE: { exit: 2, text: (f: { place: string }) => `"${f.place}" names no database that can be read` },
  METRIC_CIRCLE: {
    exit: 2,
    text: (f: { metrics: readonly string[] }) => `a metric can not be read by itself: ${f.metrics.join(' reads ')}`,
  },
  NO_SUCH_COLUMN: {
    exit: 2,
    text: (f: { name: string; metric: string }) => `"${f.name}" is no column of the metric "${f.metric}" that is read`,
  },
  METRIC_ELSEWHERE: {
    exit: 2,
    text: (f: { metric: string; path: string; own: string }) =>
      `"${f.metric}" is kept in "${f.path}", and a metric is read where it is kept: this one is in "${f.own}"`,
  },
  UNUSED_SOURCE: { exit: 2, severity: 'warning', text: (f: { name: string }) => `no table is read from "${f.name}"` },
  BAD_SINK_PLACE: {
    exit: 2,
    text: (f: { kind: string; place: string }) => `"${f.place}" is no place of ${f.kind}`,
  },
  SINK_WITHOUT_KEY: {
    exit: 2,
    text: (f: { kind: string }) => `rows in ${f.kind} are found by "key" of the sink, and it has none`,
  },
  PARTITION_NOT_HERE: {
    exit: 2,
    text: (f: { kind: string }) => `"partition_by" is for a table of clickhouse, and this is ${f.kind}`,
  },
  STATE_IN_TARGET: {
    exit: 2,
    text: () => '"state" says a file, and a sink of SQLite keeps the state in its own',
  },
  RESERVED_NAME: {
    exit: 2,
    text: (f: { name: string; owner: keyof typeof owners }) => `"${f.name}" is taken: ${owners[f.owner]}`,
  },
  REPEATED_COLUMN: { exit: 2, text: (f: { name: string; of: string }) => `"${f.name}" stands twice in ${f.of}` },
  PATH_WITHOUT_COLUMN: {
    exit: 2,
    text: (f: { name: string }) => `"${f.name}" is a table, and a path goes on to a column: ${f.name}.column`,
  },
  PATH_WITHOUT_TABLE: {
    exit: 2,
    text: (f: { name: string }) => `"${f.name}" has no table before it, and a path is table.column`,
  },
  UNKNOWN_FACT: { exit: 2, text: (f: { name: string }) => `"${f.name}" is no fact about where a row came from` },
  FOREIGN_PATH: {
    exit: 2,
    text: (f: { name: string; alias: string }) =>
      `"${f.name}" is another table, and only a row of ${f.alias} is seen here`,
  },
  UNJOINED_TABLE: { exit: 2, text: (f: { name: string }) => `"${f.name}" is declared and no join brings it` },
  BAD_JOIN: {
    exit: 2,
    text: (f: { text: string }) => `"${f.text}" is no join, which is a.x = b.y, or several with and`,
  },
  JOIN_BRINGS_NONE: { exit: 2, text: () => 'this join brings no new table, and each join brings one' },
  JOIN_BRINGS_TWO: {
    exit: 2,
    text: (f: { names: readonly string[] }) =>
      `this join brings ${f.names.map((name) => `"${name}"`).join(' and ')}, and each join brings one new table`,
  },
  JOIN_WITHOUT_NEW_TABLE: {
    exit: 2,
    text: (f: { text: string; name: string }) =>
      `"${f.text}" does not name "${f.name}", the table that this join brings`,
  },
  JOIN_TO_ITSELF: {
    exit: 2,
    text: (f: { text: string; name: string }) =>
      `both sides of "${f.text}" are "${f.name}", and one side belongs to a table before it`,
  },
  COLUMN_WITHOUT_NAME: {
    exit: 2,
    text: (f: { text: string }) => `"${f.text}" has no name of its own, and requires "name"`,
  },
  DUPLICATE_COLUMN: {
    exit: 2,
    text: (f: { name: string; first: string }) => `a second column is named "${f.name}"; the first is ${f.first}`,
  },
  UNKNOWN_COLUMN: { exit: 2, text: (f: { name: string }) => `"${f.name}" is no column of this metric` },
  NOT_A_CONDITION: { exit: 2, text: (f: { type: string }) => `a condition is true or false, and this gives ${f.type}` },

  // How an expression is written.
  EXPRESSION_SYNTAX: {
    exit: 2,
    text: (f: { found: string; expected: string }) => `"${f.found}" stands where ${f.expected} belongs`,
  },
  EXPRESSION_ENDS: { exit: 2, text: (f: { expected: string }) => `the expression ends where ${f.expected} belongs` },
  OPEN_QUOTE: {
    exit: 2,
    text: (f: { quote: string }) => `no closing ${f.quote} ends what begins here; inside, the quote is written twice`,
  },
  BAD_NUMBER: {
    exit: 2,
    text: (f: { text: string }) => `"${f.text}" is no number; a name that starts with a digit is quoted`,
  },
  BAD_INDEX: { exit: 2, text: (f: { text: string }) => `"${f.text}" is no place in an array, which is a whole number` },
  CHAINED_OPERATORS: {
    exit: 2,
    text: (f: { first: string; second: string }) =>
      `"${f.second}" follows "${f.first}", and one of the two requires parentheses`,
  },
  EXPRESSION_TOO_DEEP: {
    exit: 2,
    text: (f: { limit: number }) => `this expression is nested deeper than ${f.limit} levels`,
  },
  EXPRESSION_TOO_LARGE: {
    exit: 2,
    text: (f: { limit: number }) => `written out, this expression has more than ${f.limit} parts`,
  },
  UNKNOWN_FUNCTION: { exit: 2, text: (f: { name: string }) => `"${f.name}" is no function` },
  ARGUMENT_COUNT: {
    exit: 2,
    text: (f: { name: string; expected: string; actual: number }) =>
      `"${f.name}" takes ${f.expected}, and has ${f.actual}`,
  },
  WINDOW_FUNCTION: {
    exit: 2,
    text: (f: { name: string }) => `"${f.name}" is not of the language: its windows are count, sum, avg, min and max`,
  },
  DISTINCT_NOT_HERE: {
    exit: 2,
    text: (f: { name: string; window: boolean }) =>
      f.window ? `over a window nothing is distinct` : `only count takes distinct, and this is ${f.name}`,
  },
  AGGREGATE_NOT_HERE: {
    exit: 2,
    text: (f: { name: string; place: string }) => `"${f.name}" takes many rows, and ${f.place} is about one`,
  },
  NESTED_AGGREGATE: { exit: 2, text: (f: { name: string }) => `"${f.name}" stands inside of another aggregate` },
  COLUMN_NOT_GROUPED: {
    exit: 2,
    text: (f: { path: string }) =>
      `"${f.path}" has many values in a group: it stands neither in "group_by" nor in an aggregate`,
  },
  JSONPATH_ARGUMENTS: {
    exit: 2,
    text: () => "jsonpath takes a column and a literal path: jsonpath(alias.column, '$.field')",
  },
  JSONPATH_SCRIPT: {
    exit: 2,
    text: (f: { query: string }) =>
      `"${f.query}" holds a filter or a script, and a JSON path here is names and places only`,
  },
  JSONPATH_SYNTAX: {
    exit: 2,
    text: (f: { rest: string }) =>
      `"${f.rest}" is no part of a JSON path, which is $ followed by .name, ['name'], [0], [1:3], [*] or ..name`,
  },

  // What the types of an expression are.
  BAD_LITERAL: { exit: 2, text: (f: { text: string; type: string }) => `'${f.text}' is no ${f.type}` },
  TEXT_AGAINST_NUMBER: {
    exit: 2,
    text: (f: { operator: string; left: string; right: string }) =>
      `"${f.operator}" stands between ${f.left} and ${f.right}, and text never meets a number`,
  },
  WRONG_OPERANDS: {
    exit: 2,
    text: (f: { operator: string; left: string; right: string }) =>
      `"${f.operator}" does not take ${f.left} and ${f.right}`,
  },
  WRONG_OPERAND: {
    exit: 2,
    text: (f: { operator: string; expected: string; actual: string }) =>
      `"${f.operator}" takes ${f.expected}, and this is ${f.actual}`,
  },
  NO_COMMON_TYPE: {
    exit: 2,
    text: (f: { of: string; first: string; second: string }) =>
      `"${f.of}" gives ${f.first} in one place and ${f.second} in another, and takes one type`,
  },
  NO_CAST: { exit: 2, text: (f: { from: string; to: string }) => `no cast leads from ${f.from} to ${f.to}` },

  // What can go wrong while a row is computed.
  BAD_CAST: { exit: 1, text: (f: { value: string; type: string }) => `"${f.value}" is no ${f.type}` },
  OUT_OF_RANGE: { exit: 1, text: (f: { type: string }) => `the result is outside of what ${f.type} holds` },
  VALUE_OUT_OF_RANGE: {
    exit: 1,
    text: (f: { value: string; type: string }) => `"${f.value}" is outside of what ${f.type} holds`,
  },
  CONSTANT_NOT_HELD: {
    exit: 2,
    text: (f: { value: string; type: string; database: string }) =>
      `${f.database} holds no ${f.type} like "${f.value}"`,
  },
  DIVISION_BY_ZERO: { exit: 1, text: () => 'a number is divided by zero' },
  NEGATIVE_LENGTH: { exit: 1, text: (f: { length: string }) => `substr takes a length from 0, and has ${f.length}` },
  OPEN_PATTERN: {
    exit: 1,
    text: (f: { pattern: string }) => `the pattern "${f.pattern}" ends with \\, and \\ requires a character behind it`,
  },
  NOT_FINITE: {
    exit: 1,
    text: (f: { value: string; name: string }) => `${f.name} takes a finite value, and has "${f.value}"`,
  },
  UNEXPECTED_VALUE: {
    exit: 1,
    text: (f: { value: string; expected: string }) => `"${f.value}" stands where ${f.expected} belongs`,
  },
  MIXED_VALUES: {
    exit: 1,
    text: (f: { left: string; right: string }) =>
      `"${f.left}" and "${f.right}" are of different kinds, and do not compare`,
  },
  JSON_TOO_DEEP: {
    exit: 1,
    text: (f: { limit: number }) => `this JSON is nested deeper than ${f.limit} levels, the most that jsonpath takes`,
  },

  // The files of a source, and what stands in them.
  FILE_NOT_FOUND: {
    exit: 3,
    text: (f: { pattern: boolean }) => (f.pattern ? 'no file matches this pattern' : 'there is no such file'),
  },
  FILE_AWAITED: { exit: 3, severity: 'warning', text: () => 'nothing is there yet, and what comes is read then' },
  NO_PERMISSION: {
    exit: 3,
    text: (f: { by: 'server' | 'system' }) =>
      f.by === 'server' ? 'the server does not permit this' : 'reading this is not permitted',
  },
  FILE_NOT_READABLE: { exit: 3, text: (f: { reason: string }) => `this can not be read: ${f.reason}` },
  FILE_REPLACED: {
    exit: 1,
    text: () => 'what was read from this file no longer stands at its start, and a log only grows',
  },
  NOT_GZIP: { exit: 1, text: (f: { reason: string }) => `this starts as gzip and is not: ${f.reason}` },
  TRUNCATED_INPUT: {
    exit: 1,
    text: (f: { part: 'record' | 'transaction' | 'array' | 'gzip' | 'header' }) =>
      f.part === 'record' || f.part === 'transaction'
        ? `the file ends inside the ${f.part} that starts here`
        : `the file ends ${f.part === 'header' ? 'before' : 'inside'} its ${f.part}`,
  },
  NOT_JSON: {
    exit: 1,
    text: (f: { found: string; expected: string }) => `${f.found} stands where JSON has ${f.expected}`,
  },
  NOT_CSV: {
    exit: 1,
    text: (f: { found: string; expected: string }) => `${f.found} stands where CSV has ${f.expected}`,
  },
  NOT_ENCODED: { exit: 1, text: (f: { encoding: string }) => `these bytes are no ${f.encoding}` },
  FIELD_COUNT: {
    exit: 1,
    text: (f: { found: number; expected: number }) =>
      `this record has ${f.found} ${f.found === 1 ? 'field' : 'fields'}, and the header names ${f.expected}`,
  },
  HEADER_UNRELATED: {
    exit: 1,
    text: (f: { names: readonly string[]; columns: readonly string[] }) =>
      `the header names ${listed(f.names)}, and none of the columns that are read: ${listed(f.columns)}`,
  },
  HEADER_TWICE: {
    exit: 1,
    text: (f: { name: string }) => `the header names "${f.name}" twice, and requires a name for each column`,
  },
  NO_DOCUMENT: { exit: 1, text: (f: { found: string }) => `${f.found} stands where a document is, which is an object` },
  NO_ROW: {
    exit: 1,
    text: (f: { path: string; found: string }) => `the row is an object at "${f.path}", and there is ${f.found}`,
  },
  UNKNOWN_OPERATION: {
    exit: 1,
    text: (f: { path: string; found: string }) => `"${f.path}" tells the operation, and is ${f.found}`,
  },
  NOT_UTF8: { exit: 1, text: () => 'these bytes are no UTF-8, in which JSON is written' },
  NOT_WAL2JSON: {
    exit: 1,
    text: (f: { found: string; expected: string }) => `${f.found} stands where wal2json has ${f.expected}`,
  },
  NAMES_VALUES_DIFFER: {
    exit: 1,
    text: (f: { list: 'column' | 'key'; table: string; names: number; other: number; of: 'types' | 'values' }) =>
      `a change of "${f.table}" has ${f.names} ${f.list} names and ${f.other} ${f.of}, and requires as many`,
  },
  BARE_TYPE: {
    exit: 1,
    text: (f: { type: string }) =>
      `wal2json wrote the type ${f.type} without the quotes around it that JSON has: a defect of the plugin`,
  },
  COMMA_BEFORE_MESSAGE: {
    exit: 1,
    text: () => 'wal2json wrote a comma before the first change, where JSON has none: a defect of the plugin',
  },
  TRANSACTION_NOT_BEGUN: {
    exit: 1,
    text: () => 'a transaction ends here ("C") that does not begin ("B") in front of it',
  },
  TRANSACTION_NOT_ENDED: {
    exit: 1,
    text: (f: { record: number }) =>
      `a transaction begins here ("B"), and the one that begins with record ${f.record} has not ended ("C")`,
  },
  CHANGE_TOO_LARGE: {
    exit: 1,
    text: (f: { limit: string }) => `this takes more than ${f.limit}, and one change requires to fit in them`,
  },

  // Databases that are read.
  DRIVER_MISSING: {
    exit: 3,
    text: (f: { driver: string }) => `this takes the package ${f.driver}, which is not installed`,
  },
  SERVER_NOT_REACHED: { exit: 3, text: (f: { reason: string }) => `the server is not reached: ${f.reason}` },
  LOGIN_REFUSED: { exit: 3, text: (f: { reason: string }) => `the server refuses the login: ${f.reason}` },
  CONNECTION_LOST: { exit: 3, text: (f: { reason: string }) => `the connection to the server is lost: ${f.reason}` },
  SERVER_BUSY: { exit: 3, text: (f: { reason: string }) => `the server can not do it now: ${f.reason}` },
  NAME_TOO_LONG: {
    exit: 2,
    text: (f: { name: string; longest: number }) =>
      `"${f.name}" has more than ${f.longest} bytes, and the target takes no longer name`,
  },
  VALUE_NOT_HELD: {
    exit: 1,
    text: (f: { column: string; value: string; type: string }) =>
      `"${f.column}" is ${f.value} in this row, and the target's type ${f.type} does not hold that`,
  },
  TARGET_BEHIND: {
    exit: 4,
    text: (f: { table: string }) => `"${f.table}" has not got the metric's columns as they are now, and waits for them`,
  },
  TABLE_NOT_FOUND: { exit: 3, text: (f: { name: string }) => `the database has no table "${f.name}"` },
  QUERY_REFUSED: { exit: 2, text: (f: { reason: string }) => `the database does not take the query: ${f.reason}` },
  ROWS_REFUSED: {
    exit: 1,
    text: (f: { reason: string }) => `the target does not take this: ${f.reason}`,
  },
  WATERMARK_MISSING: {
    exit: 1,
    text: (f: { column: string }) => `"${f.column}" is the watermark, and is NULL in this row`,
  },
  LOOKBACK_MISFIT: {
    exit: 2,
    text: (f: { lookback: 'time' | 'number'; value: string }) =>
      `"lookback" is a ${f.lookback}, and the watermark holds "${f.value}"`,
  },

  // The state and the target.
  KEY_MISSING: {
    exit: 1,
    text: (f: { alias: string; column: string; missing: boolean }) =>
      f.missing
        ? `"${f.alias}" has the key "${f.column}", and the record has no such column`
        : `"${f.column}" is the key of "${f.alias}", and is NULL`,
  },
  ROW_NEVER_SEEN: {
    exit: 2,
    text: (f: { change: string }) => `a change of a row that was never seen: ${f.change}`,
  },
  OLD_ROW_MISSING: {
    exit: 1,
    text: (f: { op: string; alias: string; key: string }) =>
      f.key === ''
        ? `this ${f.op} does not tell the old row, and "${f.alias}" has no key to find it by`
        : `this ${f.op} tells other columns of the old row than the key of "${f.alias}": "${f.key}" is missing`,
  },
  COLUMN_NOT_JSON: {
    exit: 1,
    text: (f: { column: string; expected: string; at: number }) =>
      `"${f.column}" holds no JSON: ${f.expected} was expected at character ${f.at + 1}`,
  },
  TYPE_CHANGED: {
    exit: 1,
    text: (f: { column: string; known: string; come: string }) =>
      `"${f.column}" was ${f.known} so far and comes as ${f.come}, and the two hold different values`,
  },
  NO_STATE: {
    exit: 3,
    text: (f: { metric: string; path: string }) => `"${f.path}" holds no loaded state of "${f.metric}"`,
  },
  PLAN_CHANGED: {
    exit: 2,
    text: (f: { metric: string }) => `the state of "${f.metric}" was made by another version of this mapping`,
  },
  TOO_MANY_COLUMNS: {
    exit: 1,
    text: (f: { alias: string; most: number }) =>
      `"${f.alias}" keeps all columns, and its records have more than ${f.most} by now`,
  },
  STATE_LACKS: {
    exit: 2,
    text: (f: { metric: string; lacks: readonly Lack[] }) =>
      `the changed mapping of "${f.metric}" needs what its state does not hold: ${lacking(f.lacks)}`,
  },
  TARGET_MOVED: {
    exit: 2,
    text: (f: { metric: string; known: string; table: string }) =>
      `"${f.metric}" was written to the table "${f.known}" so far, and the mapping says "${f.table}"`,
  },
  STATE_FORMAT: {
    exit: 1,
    text: (f: { path: string; found: string; expected: string }) =>
      `"${f.path}" holds state of format ${f.found}, and this version of etl reads format ${f.expected}`,
  },
  TARGET_EXISTS: {
    exit: 1,
    text: (f: { path: string; table: string }) =>
      `"${f.path}" has a table "${f.table}" already, which this metric did not make`,
  },
  TARGET_MISFIT: {
    exit: 1,
    text: (f: { path: string; table: string; misfit: Misfit }) =>
      `the table "${f.table}" in "${f.path}" does not fit: ${misfitting(f.misfit)}`,
  },
  TARGET_REFUSES_ROW: {
    exit: 1,
    text: (f: { path: string; reason: string }) => `"${f.path}" refuses what is to be written: ${f.reason}`,
  },
  TARGET_CHANGES_VALUE: {
    exit: 1,
    text: (f: { column: string; declared: string; value: string; changed: string }) =>
      `the column "${f.column}" of the target is ${f.declared}, and would change ${f.value} to ${f.changed}`,
  },
  TARGET_ROW_DIFFERS: {
    exit: 1,
    severity: 'warning',
    text: (f: { table: string; rows: number }) =>
      f.rows === 1
        ? `a row of another stands in "${f.table}" under a key of this metric, and differs`
        : `${f.rows} rows of others stand in "${f.table}" under keys of this metric, and differ`,
  },
  TARGET_ALTERED: {
    exit: 1,
    text: (f: { path: string; table: string }) =>
      `the table "${f.table}" in "${f.path}" is no longer as this metric made it`,
  },
  DEAD_LETTER_NOT_WRITTEN: {
    exit: 3,
    text: (f: { path: string; reason: string }) =>
      `the transactions that are left out can not be written to "${f.path}": ${f.reason}`,
  },
  // A sample that a mapping is proposed from.
  SAMPLE_IS_STREAM: { exit: 2, text: () => 'a sample is read more than once, and this can be read once' },
  SAMPLE_FORMAT: { exit: 1, text: () => 'this is no text, and a sample is a log of wal2json, csv or json' },
  NO_SAMPLE: { exit: 1, text: () => 'this holds no row that a mapping could be proposed from' },
  NOT_IN_SAMPLE: { exit: 2, text: (f: { name: string }) => `the sample has no table "${f.name}"` },
  FILE_EXISTS: { exit: 2, text: (f: { path: string }) => `"${f.path}" is there already, and stays as it is` },
  FILE_NOT_WRITTEN: {
    exit: 3,
    text: (f: { path: string; reason: string }) => `"${f.path}" can not be written: ${f.reason}`,
  },
  STATE_OVERTAKEN: {
    exit: 3,
    text: (f: { metric: string }) =>
      `another run has brought "${f.metric}" further meanwhile, and standard input can not be read a second time`,
  },
  TARGET_NOT_OPENED: {
    exit: 3,
    text: (f: { path: string; reason: string }) => `"${f.path}" can not be opened: ${f.reason}`,
  },
  TARGET_READ_ONLY: { exit: 3, text: (f: { path: string }) => `writing to "${f.path}" is not permitted` },
  TARGET_NOT_SQLITE: {
    exit: 1,
    text: (f: { path: string; reason: string }) => `"${f.path}" can not be read as a SQLite database: ${f.reason}`,
  },
  TARGET_DISK_FULL: {
    exit: 3,
    text: (f: { path: string; reason: string }) => `the disk takes no more of "${f.path}": ${f.reason}`,
  },
  TARGET_LOCKED: {
    exit: 3,
    text: (f: { path: string; seconds: number }) =>
      `another process has held "${f.path}" for ${f.seconds} s, and a run requires it for itself`,
  },
  NO_ROWID: {
    exit: 2,
    text: (f: { table: string }) =>
      `"${f.table}" has columns named rowid, _rowid_ and oid, and SQLite requires one of these names for itself`,
  },
  SINK_KEY_NOT_UNIQUE: {
    exit: 1,
    text: (f: { key: string; value: string; missing: boolean }) =>
      f.missing
        ? `sink.key is "${f.key}", and a row has ${f.value} there`
        : `sink.key is "${f.key}", and two rows have ${f.value} there`,
  },
  CHECK_FAILED: {
    exit: 4,
    text: (f: { alias: string; rows: number; check: string }) => failing(f),
  },
  CHECK_WARNED: {
    exit: 2,
    severity: 'warning',
    text: (f: { alias: string; rows: number; check: string }) => failing(f),
  },
  EXPECTATION_MISSED: {
    exit: 4,
    text: (f: { of: 'waiting' | 'null_key' | 'fanout'; alias: string; count: number; rows: number; bound: string }) =>
      `${missed[f.of](f)}, and ${f.of} is expected to be at most ${f.bound}`,
  },
  TYPES_NEVER_MEET: {
    exit: 2,
    severity: 'warning',
    text: (f: { left: string; leftType: string; right: string; rightType: string }) =>
      `"${f.left}" is ${f.leftType} and "${f.right}" is ${f.rightType}: no value of one equals one of the other`,
  },
  TABLE_NEVER_SEEN: {
    exit: 2,
    severity: 'warning',
    text: (f: { table: string }) => `no record of a table "${f.table}" was read so far`,
  },
  COLUMN_NEVER_SEEN: {
    exit: 2,
    severity: 'warning',
    text: (f: { alias: string; column: string }) =>
      `no record of "${f.alias}" had a column "${f.column}": it is NULL in every row`,
  },

  // The command line.
  UNKNOWN_COMMAND: { exit: 2, text: (f: { name: string }) => `"${f.name}" is no command of etl` },
  UNKNOWN_FLAG: { exit: 2, text: (f: { name: string; of: string }) => `"${f.name}" is no flag of ${f.of}` },
  FLAG_WITHOUT_VALUE: { exit: 2, text: (f: { flag: string }) => `${f.flag} requires a value, and has none` },
  INPUT_TWICE: {
    exit: 2,
    text: (f: { name: string; first: string; second: string }) =>
      f.name === ''
        ? `--input takes the place of one source, and is "${f.first}" and "${f.second}"`
        : `--input takes the place of "${f.name}" twice, by "${f.first}" and "${f.second}"`,
  },
  STANDARD_INPUT_TWICE: {
    exit: 2,
    text: (f: { count: number }) => `standard input can be read once, and is asked for ${f.count} times`,
  },
  BAD_FLAG: {
    exit: 2,
    text: (f: { flag: string; expected: string; value: string }) =>
      `${f.flag} takes ${f.expected}, and is "${f.value}"`,
  },
  FLAGS_EXCLUDE: {
    exit: 2,
    text: (f: { flags: readonly string[] }) =>
      `${f.flags.join(' and ')} do not go together, and a call takes one of them`,
  },
  MISSING_ARGUMENT: { exit: 2, text: (f: { of: string; name: string }) => `${f.of} requires a ${f.name}` },
  TOO_MANY_ARGUMENTS: {
    exit: 2,
    text: (f: { of: string; expected: number; actual: number }) =>
      `${f.of} takes ${f.expected === 0 ? 'no argument' : f.expected === 1 ? 'one argument' : `${f.expected} arguments`}, and has ${f.actual}`,
  },
  LAG_TOO_LARGE: {
    exit: 4,
    text: (f: { metric: string; lag: string | null; seconds: number | null; most: string }) =>
      [
        `"${f.metric}" has ${f.lag === null ? 'a source that can not be read on' : `${f.lag} not read yet`}`,
        f.seconds === null ? '' : ` ${f.seconds} s after it was committed last`,
        `, and --max-lag is ${f.most}`,
      ].join(''),
  },
  NO_CONDITION: { exit: 2, text: (f: { text: string }) => `"${f.text}" asks for no row, which is column=value` },
  COLUMN_NOT_KEPT: {
    exit: 2,
    text: (f: { name: string; root: string }) =>
      `"${f.name}" is no column of this metric, and none that is kept of "${f.root}" or as table.column`,
  },
  NOT_JOINED: { exit: 2, text: (f: { name: string }) => `no join brings "${f.name}", so no row waits for it` },
  NO_GOLDEN: { exit: 2, text: (f: { text: string }) => `no golden has a name that contains "${f.text}"` },
  UNKNOWN_INPUT: {
    exit: 2,
    text: (f: { name: string }) => `--input names "${f.name}", which is no source of the mapping`,
  },
  INPUT_NEEDS_NAME: {
    exit: 2,
    text: (f: { path: string }) =>
      `--input "${f.path}" names no source, and a mapping with several requires NAME=${f.path}`,
  },
  BUG: {
    exit: 1,
    text: (f: { command: string; reason: string }) => `etl ${f.command} has a bug, and stopped at it: ${f.reason}`,
  },
} as const satisfies Record<string, Message>;

/** Why a text is not YAML. */
export const yamlReasons = {
  alias: 'an alias refers to no anchor before it',
  aliases: 'its aliases unfold to more than this file can mean',
  anchor: 'an anchor marks nothing',
  bracket: (bracket: string) => `a closing ${bracket} is missing`,
  colon: 'a key is not followed by a colon',
  comma: 'a comma is missing between two values',
  deep: 'it is nested too deeply',
  escape: 'double quotes know no such escape',
  indentation: 'this line is not indented as the lines above it',
  key: 'a key is a text',
  keyLines: 'a key goes on over the end of its line',
  quote: 'a closing quote is missing',
  rest: 'this follows a value that has ended already',
  secondColon: 'a second colon stands in one line',
  start: (character: string) => `no text starts with ${character}`,
  tab: 'a tab indents this line',
  tag: (tag: string) => `there is no type ${tag}`,
} as const;

/** Why a PostgreSQL takes no table. */
export const noSchema = "the user's search_path names no schema that is there";

/** What a run that stops leaves behind: `kept: ...`, below its finding. */
export const kept = {
  before: 'state and metric as they were before this run',
  dryRun: 'state and metric as they were, for this was a dry run',
  /** An older state was forgotten already, and nothing is read yet. */
  forgotten: 'the metric as it was, but not its state: the next run reads everything again',
  /** `file` is null for standard input, which can't be read twice. While the first load lasts, no metric is written. */
  upTo: (f: { record: number; file: string | null; loaded: boolean }) =>
    [
      `${f.loaded ? 'everything' : 'what was read'} up to record ${f.record} of ${f.file ?? 'standard input'}; `,
      `the next run goes on ${f.file === null ? 'with what it is given' : 'from there'}`,
      f.loaded ? '' : ', and writes the metric when all is read',
    ].join(''),
} as const;

/** What a target elsewhere lacks when a run could not ship it. */
export function unshipped({ rows, path }: { rows: number; path: string }): string {
  return `unshipped: ${rows} ${rows === 1 ? 'row waits' : 'rows wait'} in ${path} for the next run`;
}

/** What might help: the near name, what exists, or the trap that YAML sets. */
export const hints = {
  grouped: (path: string) => `add it to "group_by", or take one of its values: min(${path})`,
  grouping: 'add "group_by: []" for one row over everything, or "over ()" behind it to have it beside each row',
  near: (name: string) => `"${name}" is spelled almost the same`,
  known: (names: readonly string[]) => `there is ${names.map((name) => `"${name}"`).join(', ')}`,
  wholeTable: 'mode: snapshot reads the whole table each time',
  databases:
    'a database is sqlite:PATH, postgres://USER@HOST/NAME or mysql://USER@HOST/NAME; in a password # is %23, / %2F, @ %40, % %25',
  sinkPlaces: {
    // SQLite takes a file without a name for one that is gone when it is closed.
    sqlite: 'a database of SQLite is a file, which a path names',
    postgres: 'a database of PostgreSQL is postgres://USER@HOST/NAME',
    clickhouse: 'a ClickHouse is http://USER@HOST:8123/NAME, or chdb:FOLDER',
  },
  install: (driver: string) => `npm install ${driver}`,
  stateBeside: (path: string) => `state: ${path} keeps the state of this one there too`,
  sinkBeside: (path: string) =>
    `sink: { sqlite: ${path} } keeps this one there too, and --output names one file for both`,
  operations: '`operation` of the source says which values mean insert, update, delete and truncate',
  anyValue: (column: string) =>
    `under tables, types: { ${column}: text } takes any value, and a check can hold it to more`,
  nullKey: 'coalesce(...) in the column puts a value in the place of NULL',
  watermarkQuery: 'a query may say coalesce(...) for it',
  keylessMode: 'mode: snapshot reads it again as a whole, mode: log refuses it',
  tabDelimiter: 'a tab stands in double quotes: "\\t"',
  otherDelimiter: '`delimiter` of the source says what stands between two fields; names are exact, case included',
  otherEncoding: '`encoding` of the source says which one they are: latin1, utf-16, ...',
  keyless: '`key: []` says that a table has none',
  quoteIt: (value: string) => `in quotes it is a text: ${value}`,
  singleQuotes: (text: string) => `a text stands in single quotes: '${text}'`,
  ownTable: (alias: string, text: string) => `for a column of that name: ${alias}.${text}`,
  joinOnce: 'several equalities of one join stand in one line with and; a table joined twice takes a second alias',
  filterOfTable: 'a filter of one table stands in its `where` under tables, one of the joined row in `where`',
  joinEarlier: 'a join sees `from` and the joins above it',
  dollar: '$$ is a dollar sign',
  variablePlaces: 'variables are expanded in the place of a source, of a sink and of the state',
  columnName: (entry: string) => `with a name of its own: ${entry}`,
  flowVariable: `\${...} inside { } requires quotes around it, or the keys on lines of their own`,
  flowBrackets: '[ ] and { } inside { } require quotes around the text, or the keys on lines of their own',
  flowComma: 'quotes around the whole text keep its commas, and so do keys on lines of their own',
  leadingQuote:
    'a text that starts with a quote ends at the next one: put the whole of it in the other quotes, or after |-',
  leadingSign: (sign: string) => `a text that starts with ${sign} requires quotes around it`,
  innerColon: 'a text with ": " in it requires quotes around it, or stands below |-',
  tabs: 'YAML is indented with blanks',
  colonBlank: 'after the colon of a key stands a blank',
  // Of expressions.
  typeIt: '`type:` beside `expr:`, or cast(x as type), makes a nested path a number, boolean or timestamp',
  castInstead: 'a type is changed with cast(x as type)',
  noComment: 'a comment of YAML starts with #, and minus a negative number is written 1 - -1',
  // Of logs.
  bareType:
    'wal2json with include-types=0 writes no types; here, the type is mended by quotes around it, those inside as \\"',
  commaBeforeMessage:
    'wal2json with format-version=2 writes no such commas; here, nothing is lost with it, for only a message follows',
  notBegun: 'a file may start in the middle of a transaction that begins in the file before it',
  called: (name: string) => `here it is called "${name}"`,
  castFirst: (type: string) => `cast(x as ${type}) first`,
  replicaIdentity: 'ALTER TABLE ... REPLICA IDENTITY FULL makes the database log the whole old row',
  migrated: 'a run brings the state up to a changed mapping where it holds what that needs, and says where it does not',
  diffInput: '--input PATH compares on a log, which is read for both mappings',
  fullRefresh: '--full-refresh forgets what was read and reads all files from their start',
  renameTable: 'once it is renamed or dropped, the next run writes it anew from the state',
  otherTable: '`table` of sink takes another name',
  sinkKey: '`key` of sink says by which columns rows are told apart: then the table may hold rows of others',
  declareFitting: '`type:` of a column, or `types:` of its table, says what its values are',
  recordsAgain: '--full-refresh reads the log again and names the record, which --dead-letter leaves out',
  otherState: 'all is read again into another file, which --output names; of a target elsewhere it is that of `state`',
  firstRun: '`etl run` makes it',
  besideIt: 'its folder has to be one that the reader may write to; or let the user read it who writes it',
  giveBack: 'another user who read the database left it: let chown give it to the one who writes',
  shipFirst: '`etl run` ships what waits',
  keepSome: 'a list under `keep` names the columns that are worth it',
  keepList: (column: string) => `a column stands in a list: [${column}]; all keeps every one`,
  declareType: (column: string) => `under tables, types: { ${column}: text } takes the values of both`,
  saveSample: 'its first part in a file does: head -c 10000000 > sample.json',
  sayFormat: '--format says how it is written',
  overwrite: '--force writes it anew, and -o names another file',
  usage: (usage: string) => `the call is ${usage}`,
  overHttp: (url: string) => `a ClickHouse over HTTP: clickhouse:${url}`,
  dotSlash: (path: string) => `a path with a colon in it: ./${path}`,
} as const;

export type Code = keyof typeof messages;
export type Facts<C extends Code> = Parameters<(typeof messages)[C]['text']>[0];
