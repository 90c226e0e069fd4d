/**
 * Writes a metric to ClickHouse: a table of versions, and a view of the rows that count, under the target's name.
 *
 * A shipment's rows and the keys that are gone are inserted with its number as version, so a row that comes twice, or late,
 * changes nothing. There are no transactions: a large shipment is seen insert by insert. All rows at once go to a table of
 * their own, which then takes the other one's place at one moment. The token stands in the table's comment: there with all
 * rows, or before the first of some, so that it tells of whoever wrote there last.
 */
import type { Row } from '../../change.ts';
import { fail } from '../../diagnostic/diagnostic.ts';
import { hints } from '../../diagnostic/messages.ts';
import type { ClickhouseClient } from '../../server/clickhouse/client.ts';
import type { TargetColumn } from '../../sql/target.ts';
import { refused } from '../refused.ts';
import type { RemoteSink, RemoteTarget, Shipment, ShippedCount } from '../remote.ts';
import {
  type Comment,
  createTable,
  createView,
  DELETED,
  declared,
  literal,
  name,
  readComment,
  VERSION,
} from './table.ts';
import { readBack, selected, written } from './value.ts';

/** Characters that are inserted at once, and rows that are read at once. */
const [CHARACTERS, ROWS] = [8 << 20, 50_000];

/** Opens a ClickHouse as a target. */
export async function openClickhouse(target: RemoteTarget): Promise<RemoteSink> {
  const client = await connect(target);
  return {
    look: () => look(client, target),
    ship: (shipment) => ship(client, target, shipment),
    rows: (columns) => rowsIn(client, target, columns),
    close: () => client.close(),
  };
}

async function connect(target: RemoteTarget): Promise<ClickhouseClient> {
  if (target.url.startsWith('chdb:')) return (await import('../../server/clickhouse/embedded.ts')).openEmbedded(target);
  return (await import('../../server/clickhouse/http.ts')).connectClickhouse(target);
}

/** The table of versions behind a view. */
function versionsOf({ table }: RemoteTarget): string {
  return `_etl_versions_${table}`;
}

async function look(client: ClickhouseClient, target: RemoteTarget): Promise<string | null> {
  const [view, versions] = [target.table, versionsOf(target)];
  const found = await client.read(
    `SELECT name, comment FROM system.tables WHERE database = currentDatabase() AND name IN (${literal(view)}, ${literal(versions)})`,
  );
  const comments = new Map(found.map(([table, comment]) => [table, readComment(comment ?? '')]));
  const facts = { path: target.shown, table: view };
  if ([...comments.values()].some((comment) => comment?.metric !== target.metric))
    fail('TARGET_EXISTS', facts, { hint: hints.otherTable });
  const { token = null, columns = [] } = comments.get(versions) ?? {};
  if (comments.size < 2) return null;
  if (!(await isAsLeft(client, versions, columns))) fail('TARGET_ALTERED', facts, { hint: hints.renameTable });
  return token;
}

async function isAsLeft(client: ClickhouseClient, table: string, columns: Comment['columns']): Promise<boolean> {
  const standing = await client.read(
    `SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = ${literal(table)} ORDER BY position`,
  );
  return JSON.stringify(standing) === JSON.stringify(columns);
}

async function ship(client: ClickhouseClient, target: RemoteTarget, shipment: Shipment): Promise<ShippedCount> {
  const { metric } = target;
  const comment = { metric, token: shipment.token, columns: declared(shipment.columns, shipment.key) };
  return shipment.isWhole ? replace(client, target, shipment, comment) : change(client, target, shipment, comment);
}

async function replace(
  client: ClickhouseClient,
  target: RemoteTarget,
  shipment: Shipment,
  comment: Comment,
): Promise<ShippedCount> {
  const versions = versionsOf(target);
  const fresh = `_etl_fresh_${target.table}`;
  await client.run(`DROP TABLE IF EXISTS ${name(fresh)} SYNC`);
  await client.run(createTable(fresh, target, shipment.key, comment));
  const count = await insert(client, fresh, shipment, target);
  const [[isThere] = []] = await client.read(`EXISTS TABLE ${name(versions)}`);
  if (isThere === '1') {
    await client.run(`EXCHANGE TABLES ${name(fresh)} AND ${name(versions)}`);
    await client.run(`DROP TABLE ${name(fresh)} SYNC`);
  } else await client.run(`RENAME TABLE ${name(fresh)} TO ${name(versions)}`);
  await client.run(createView(target, versions, shipment.columns));
  return count;
}

async function change(
  client: ClickhouseClient,
  target: RemoteTarget,
  shipment: Shipment,
  comment: Comment,
): Promise<ShippedCount> {
  const versions = versionsOf(target);
  await client.run(`ALTER TABLE ${name(versions)} MODIFY COMMENT ${literal(JSON.stringify(comment))}`);
  return insert(client, versions, shipment, target);
}

/** Inserts the rows, and the keys that are gone, as many at once as may be: an insert is seen whole or not at all. */
async function insert(
  client: ClickhouseClient,
  table: string,
  shipment: Shipment,
  { shown }: RemoteTarget,
): Promise<ShippedCount> {
  const { columns, key, rows, gone, number } = shipment;
  const names = [...columns.map((column) => name(column.name)), VERSION, DELETED].join(', ');
  const places = columns.map((column) => key.indexOf(column.name));
  const count = { rows: 0, gone: 0 };
  const put = openLines((lines) => client.insert(name(table), names, lines));
  for (const row of rows) {
    await put(`${lineOf(row, columns, shown)}\t${number}\t0\n`);
    count.rows++;
  }
  for (const each of gone) {
    const row = places.map((place) => each[place] ?? null);
    await put(`${lineOf(row, columns, shown)}\t${number}\t1\n`);
    count.gone++;
  }
  await put(null);
  return count;
}

/** Collects lines and sends them when they are many, or at the end (null). */
function openLines(send: (lines: string) => Promise<void>): (line: string | null) => Promise<void> {
  let lines = '';
  return async (line) => {
    lines += line ?? '';
    if (lines === '' || (line !== null && lines.length < CHARACTERS)) return;
    await send(lines);
    lines = '';
  };
}

function lineOf(row: Row, columns: readonly TargetColumn[], place: string): string {
  const values = columns.map(({ type }, n) => written(row[n] ?? null, type));
  const missing = values.indexOf(null);
  return missing < 0 ? values.join('\t') : refused(row, columns, missing, 'clickhouse', place);
}

async function* rowsIn(
  client: ClickhouseClient,
  target: RemoteTarget,
  columns: readonly TargetColumn[],
): AsyncGenerator<Row> {
  const [[isThere] = []] = await client.read(`EXISTS VIEW ${name(target.table)}`);
  if (isThere !== '1') fail('TABLE_NOT_FOUND', { name: target.table }, { data: { file: target.shown } });
  const list = columns.map((column) => selected(name(column.name), column.type)).join(', ');
  const order = columns.map((_, n) => n + 1).join(', ');
  for (let from = 0; ; from += ROWS) {
    const rows = await client.read(
      `SELECT ${list} FROM ${name(target.table)} ORDER BY ${order} LIMIT ${ROWS} OFFSET ${from}`,
    );
    for (const row of rows) yield columns.map(({ type }, n) => readBack(row[n] ?? null, type));
    if (rows.length < ROWS) return;
  }
}
