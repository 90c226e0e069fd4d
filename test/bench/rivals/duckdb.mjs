/** The metric by DuckDB, into a table of a DuckDB file. `--rows FILE` prints the table of such a file, a JSON array a row. */
import { DuckDBInstance } from '@duckdb/node-api';
import { QUERY, stage } from './duckdb-metric.mjs';
import { COLUMNS } from './metric.mjs';

const [log, output] = process.argv.slice(2);

const instance = await DuckDBInstance.create(output);
const db = await instance.connect();
if (log === '--rows') await printRows();
else {
  await stage(db, log);
  await db.run(`CREATE TABLE dashboard_metric AS ${QUERY}`);
}
db.closeSync();
instance.closeSync();

async function printRows() {
  const rows = await db.stream(`SELECT json_array(${COLUMNS}) FROM dashboard_metric`);
  for await (const chunk of rows.yieldRows()) process.stdout.write(`${chunk.map(([row]) => row).join('\n')}\n`);
}
