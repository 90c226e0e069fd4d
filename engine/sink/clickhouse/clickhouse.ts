/**
 * Writes a metric to ClickHouse: a table of versions, and a view of the rows that count, under the target's name.
 *
 * A shipment's rows and the keys that are gone are inserted with versions made of its number, so a row that comes twice, or late,
 * changes nothing. There are no transactions: a large shipment is seen insert by insert. All rows at once go to a table of
 * their own, to which the view then turns at one moment, whatever columns it had. The token stands in the table's comment: there with all
 * rows, or before the first of some, so that it tells of whoever wrote there last.
 */
import type { Row } from '../../change.ts';
import { fail, invariant } from '../../diagnostic/diagnostic.ts';
import { hints } from '../../diagnostic/messages.ts';
import type { ClickhouseClient } from '../../server/clickhouse/client.ts';
import type { TargetColumn } from '../../sql/target.ts';
import { failBehind } from '../behind.ts';
import { refused } from '../refused.ts';
import type { RemoteSink, RemoteTarget, Shipment, ShippedCount } from '../remote.ts';
import {
  type Comment,
  createTable,
  createView,
  DELETED,
  declared,
  isDeclared,
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
  let standing: Standing | null = null;
  return {
    look: async () => {
      standing = await look(client, target);
      return standing?.token ?? null;
    },
    ship: (shipment) => ship(client, target, shipment, standing),
    rows: (columns) => rowsIn(client, target, columns),
    close: () => client.close(),
  };
}

async function connect(target: RemoteTarget): Promise<ClickhouseClient> {
  if (target.url.startsWith('chdb:')) return (await import('../../server/clickhouse/embedded.ts')).openEmbedded(target);
  return (await import('../../server/clickhouse/http.ts')).connectClickhouse(target);
}

/** The tables of versions of which one stands behind a view, in turn. */
function versionsOf({ table }: RemoteTarget): readonly [string, string] {
  return [`_etl_versions_${table}`, `_etl_versions2_${table}`];
}

/** What a target holds: the table of versions behind its view, and the token there. */
interface Standing {
  readonly versions: string;
  readonly token: string | null;
  readonly columns: Comment['columns'];
}

async function look(client: ClickhouseClient, target: RemoteTarget): Promise<Standing | null> {
  const [view, tables] = [target.table, versionsOf(target)];
  const found = await client.read(
    `SELECT name, comment FROM system.tables WHERE database = currentDatabase() AND name IN (${[view, ...tables].map(literal).join(', ')})`,
  );
  const comments = new Map(found.map(([table, comment]) => [table, readComment(comment ?? '')]));
  const facts = { path: target.shown, table: view };
  if ([...comments.values()].some((comment) => comment?.metric !== target.metric))
    fail('TARGET_EXISTS', facts, { hint: hints.otherTable });
  const { versions = tables[0] } = comments.get(view) ?? {};
  const comment = comments.get(versions);
  if (!comments.has(view) || !comment) return null;
  const { token = null, columns = [] } = comment;
  if (!(await isAsLeft(client, versions, columns))) fail('TARGET_ALTERED', facts, { hint: hints.renameTable });
  return { versions, token, columns };
}

async function isAsLeft(client: ClickhouseClient, table: string, columns: Comment['columns']): Promise<boolean> {
  const standing = await client.read(
    `SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = ${literal(table)} ORDER BY position`,
  );
  return JSON.stringify(standing) === JSON.stringify(columns);
}

async function ship(
  client: ClickhouseClient,
  target: RemoteTarget,
  shipment: Shipment,
  standing: Standing | null,
): Promise<ShippedCount> {
  const { metric } = target;
  const comment = { metric, token: shipment.token, columns: declared(shipment.columns, shipment.key) };
  if (shipment.isWhole) return replace(client, target, shipment, comment, standing);
  invariant(standing, 'a target that gets some rows has the others');
  await client.run(`ALTER TABLE ${name(standing.versions)} MODIFY COMMENT ${literal(JSON.stringify(comment))}`);
  return insert(client, standing.versions, shipment, target);
}

async function replace(
  client: ClickhouseClient,
  target: RemoteTarget,
  shipment: Shipment,
  comment: Comment,
  standing: Standing | null,
): Promise<ShippedCount> {
  const [one, other] = versionsOf(target);
  const [fresh, before] = standing?.versions === one ? [other, one] : [one, other];
  await client.run(`DROP TABLE IF EXISTS ${name(fresh)} SYNC`);
  await client.run(createTable(fresh, target, shipment.key, comment));
  const count = await insert(client, fresh, shipment, target);
  await client.run(createView(target, fresh, shipment.columns));
  await client.run(`DROP TABLE IF EXISTS ${name(before)} SYNC`);
  return count;
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
  // A key may come that is another one here and the same there: what comes outranks what goes.
  const [comes, goes] = [2n * number + 1n, 2n * number];
  const count = { rows: 0, gone: 0 };
  const put = openLines((lines) => client.insert(name(table), names, lines));
  for (const row of rows) {
    await put(`${lineOf(row, columns, shown)}\t${comes}\t0\n`);
    count.rows++;
  }
  for (const each of gone) {
    const row = places.map((place) => each[place] ?? null);
    await put(`${lineOf(row, columns, shown)}\t${goes}\t1\n`);
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
  const standing = await look(client, target);
  if (standing === null) fail('TABLE_NOT_FOUND', { name: target.table }, { data: { file: target.shown } });
  const types = new Map(standing.columns);
  if (columns.some((column) => !isDeclared(column, types.get(column.name)))) failBehind(target);
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
