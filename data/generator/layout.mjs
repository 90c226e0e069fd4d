/**
 * How records are laid out in a file: wal2json's own version 1 text, with one of four framings.
 *
 * @import { Inserted, Table } from './tables.mjs'
 * @import { Writing } from './writing.mjs'
 *
 * @typedef {object} Layout
 * @property {string} title
 * @property {string} before The first record.
 * @property {string} between Two records.
 * @property {string} after The last record.
 * @property {(row: Inserted, writing: Writing) => string} record
 */
import { TABLES } from './tables.mjs';
import { literal } from './writing.mjs';

/** @type {Readonly<Record<string, Layout>>} */
export const LAYOUTS = {
  array: { title: 'a JSON array, one record a line', before: '[\n', between: ',\n', after: '\n]\n', record: compact },
  'line-array': { title: 'a JSON array on one line', before: '[', between: ',', after: ']\n', record: compact },
  lines: { title: 'one record a line', before: '', between: '\n', after: '\n', record: compact },
  pretty: { title: 'indented records, one after another', before: '', between: '\n', after: '\n', record: pretty },
};

/** @type {Map<Table, string>} What stands before a table's values, the same for all its records. */
const heads = new Map();
for (const [table, columns] of Object.entries(TABLES)) {
  const names = JSON.stringify(columns.map(([name]) => name));
  const types = JSON.stringify(columns.map(([, type]) => type));
  const head = `{"change":[{"kind":"insert","schema":"public","table":"${table}","columnnames":${names},"columntypes":${types}`;
  heads.set(/** @type {Table} */ (table), `${head},"columnvalues":[`);
}

/** @param {Inserted} row @param {Writing} writing */
function compact({ table, values }, writing) {
  return `${heads.get(table)}${values.map((value) => literal(value, writing)).join(',')}]}]}`;
}

/** @param {Inserted} row @param {Writing} writing */
function pretty({ table, values }, writing) {
  const list = (/** @type {readonly string[]} */ texts) => `[${texts.join(', ')}]`;
  return `{
\t"change": [
\t\t{
\t\t\t"kind": "insert",
\t\t\t"schema": "public",
\t\t\t"table": "${table}",
\t\t\t"columnnames": ${list(TABLES[table].map(([name]) => JSON.stringify(name)))},
\t\t\t"columntypes": ${list(TABLES[table].map(([, type]) => JSON.stringify(type)))},
\t\t\t"columnvalues": ${list(values.map((value) => literal(value, writing)))}
\t\t}
\t]
}`;
}
