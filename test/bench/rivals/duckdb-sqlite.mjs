/**
 * The metric by DuckDB, delivered into a table of a SQLite file.
 *
 * DuckDB hands a row over as one JSON text: taking its fifteen values one by one through the API takes half as long again.
 */
import { DuckDBInstance } from '@duckdb/node-api';
import { QUERY, stage } from './duckdb-metric.mjs';
import { COLUMNS } from './metric.mjs';
import { openTarget } from './sqlite.mjs';

const [log, output] = process.argv.slice(2);

const instance = await DuckDBInstance.create();
const db = await instance.connect();
await stage(db, log);
const target = openTarget(output);
const rows = await db.stream(`SELECT json_array(${COLUMNS}) FROM (${QUERY})`);
for await (const chunk of rows.yieldRows()) for (const [row] of chunk) target.write(JSON.parse(row));
target.close();
db.closeSync();
instance.closeSync();
