/** The real log, where it is there: the reason of each event that is not in the metric, worked out from the log alone. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadMapping } from '../../engine/mapping/load.ts';
import { run } from '../../engine/pipeline/run.ts';
import type { Cell, SourceRow } from '../../engine/why/row.ts';
import type { Tree } from '../../engine/why/tree.ts';
import { waitingRows } from '../../engine/why/waiting.ts';
import { why } from '../../engine/why/why.ts';
import { ROOT } from '../cli/etl.ts';
import { groupsBy } from '../support/groups.ts';
import { inScratch } from '../support/scratch.ts';
import { tell } from '../support/tally.ts';

const LOG = join(ROOT, '..', 'shared', 'data', 'wal.json');

/** A row of the log, and the number of the record that holds it. */
interface Logged {
  readonly record: number;
  readonly values: Readonly<Record<string, unknown>>;
}

interface Inserted {
  readonly table: string;
  readonly columnnames: readonly string[];
  readonly columnvalues: readonly unknown[];
}

/** All rows of the log by table. It holds inserts only, no key twice. */
function rowsOfLog(): ReadonlyMap<string, readonly Logged[]> {
  const records = JSON.parse(readFileSync(LOG, 'utf8')) as readonly { readonly change: readonly Inserted[] }[];
  const tables = new Map<string, Logged[]>();
  for (const [n, { change }] of records.entries()) {
    for (const { table, columnnames, columnvalues } of change) {
      const values = Object.fromEntries(columnnames.map((name, place) => [name, columnvalues[place]]));
      tables.set(table, [...(tables.get(table) ?? []), { record: n + 1, values }]);
    }
  }
  return tables;
}

type By = ReadonlyMap<unknown, Logged>;

interface Log {
  readonly events: readonly Logged[];
  readonly transactions: By;
  readonly requests: By;
  readonly tokens: By;
}

function logOf(): Log {
  const rows = rowsOfLog();
  const by = (table: string, column: string): By =>
    new Map((rows.get(table) ?? []).map((row) => [row.values[column], row]));
  return {
    events: rows.get('event_v2_data') ?? [],
    transactions: by('transaction', 'transaction_id'),
    requests: by('transaction_request', 'flow_id'),
    tokens: by('payment_instrument_token_data', 'token_id'),
  };
}

async function withMetric(
  work: (mapping: Parameters<typeof why>[0], options: { readonly output: string }) => Promise<void>,
): Promise<void> {
  const loaded = await loadMapping(join(ROOT, 'mappings', 'dashboard_metric.yaml'));
  if ('diagnostics' in loaded) throw new Error('the mapping has findings');
  const { mapping } = loaded;
  await inScratch(async (folder) => {
    const output = join(folder, 'metrics.db');
    await run(mapping, { output, inputs: new Map([['', LOG]]) });
    await work(mapping, { output });
  });
}

function cellsOf(cells: readonly Cell[]): readonly (readonly unknown[])[] {
  return cells.map(({ column, value }) => [column, value]);
}

/** The rows of a tree, from the root on. */
function sourceRows({ row, joined }: Tree): readonly SourceRow[] {
  return [...(row ? [row] : []), ...joined.flatMap(sourceRows)];
}

test('each of the 47 events that are not in the metric of the real log is told what it waits for', async ({ skip }) => {
  if (!existsSync(LOG)) skip('the real log is not there: ../shared/data/wal.json');
  const { events, transactions, requests, tokens } = logOf();
  const counts = { transaction: 0, payment_instrument_token_data: 0 };
  await withMetric(async (mapping, options) => {
    for (const { values, record } of events) {
      const request = requests.get(values.flow_id);
      const isWithoutToken = request !== undefined && !tokens.has(request.values.token_id);
      if (transactions.has(values.transaction_id) && !isWithoutToken) continue;
      const [alias, column, value] = transactions.has(values.transaction_id)
        ? (['payment_instrument_token_data', 'token_id', request?.values.token_id] as const)
        : (['transaction', 'transaction_id', values.transaction_id] as const);
      counts[alias]++;
      const { rows, absence, log } = await why(mapping, [`event_id=${values.event_id}`], options);
      expect([rows, absence]).toMatchObject([
        0,
        { kind: 'stops', roots: 1, rows: 1, from: { alias: 'event_v2_data', row: { at: { file: LOG, record } } } },
      ]);
      const stop = absence?.kind === 'stops' ? absence.stop : null;
      expect(stop).toMatchObject({ kind: 'no partner', alias, wanted: [{ column, value }], near: null });
      expect(log).toEqual({ fate: null, read: [LOG], unread: [] });
    }
  });
  expect(counts).toEqual({ transaction: 27, payment_instrument_token_data: 20 });
  tell('missing rows of the real log explained', 47);
});

test('rows of the metric of the real log are told by the four records that wrote them', async ({ skip }) => {
  if (!existsSync(LOG)) skip('the real log is not there: ../shared/data/wal.json');
  const { events, transactions, requests, tokens } = logOf();
  const there = events.flatMap((event) => {
    const transaction = transactions.get(event.values.transaction_id);
    const request = requests.get(event.values.flow_id);
    const token = tokens.get(request?.values.token_id);
    return transaction && request && token ? [{ event, transaction, request, token }] : [];
  });
  expect(there).toHaveLength(529);
  const asked = there.filter((_, n) => n % 53 === 0);
  expect(asked).toHaveLength(10);
  await withMetric(async (mapping, options) => {
    for (const { event, transaction, request, token } of asked) {
      const { rows, row, absence } = await why(mapping, [`event_id=${event.values.event_id}`], options);
      expect([rows, absence, row?.from.length, row?.counted]).toEqual([1, null, 1, null]);
      const found = row?.from.flatMap(sourceRows) ?? [];
      expect(found.map(({ alias, at: { record } }) => [alias, record])).toEqual([
        ['event_v2_data', event.record],
        ['transaction', transaction.record],
        ['transaction_request', request.record],
        ['payment_instrument_token_data', token.record],
      ]);
      expect(found.flatMap(({ key }) => cellsOf(key))).toEqual([
        ['event_id', event.values.event_id],
        ['transaction_id', transaction.values.transaction_id],
        ['transaction_request_id', request.values.transaction_request_id],
        ['token_id', token.values.token_id],
      ]);
      const columns = new Map(row?.columns.map(({ column, value }) => [column, value]));
      expect(columns.get('amount')).toBe(BigInt(String(transaction.values.amount)));
      expect(columns.get('flow_id')).toBe(event.values.flow_id);
      expect(columns.get('payment_instrument_type')).toBe(token.values.payment_instrument_type);
    }
  });
});

test('the rows of the real log that wait are grouped by what they wait for', async ({ skip }) => {
  if (!existsSync(LOG)) skip('the real log is not there: ../shared/data/wal.json');
  const { events, transactions } = logOf();
  const waiting = events.filter(({ values }) => !transactions.has(values.transaction_id));
  const groups = groupsBy(waiting, ({ values }) => values.transaction_id);
  await withMetric(async (mapping, options) => {
    const [transaction, token, ...others] = waitingRows(mapping, null, options);
    expect(others).toEqual([]);
    expect(transaction).toMatchObject({ alias: 'transaction', waiting: 27, nullKey: 0, more: 0 });
    expect(token).toMatchObject({ alias: 'payment_instrument_token_data', waiting: 20, nullKey: 0, more: 0 });
    const found = transaction?.groups.map(({ wanted, rows, samples }) => [
      wanted[0]?.value,
      rows,
      samples.map(({ at }) => at.record),
    ]);
    const expected = [...groups].map(([id, rows]) => [id, rows.length, rows.slice(0, 3).map(({ record }) => record)]);
    expect(found).toEqual(expected.sort((a, b) => Number(b[1]) - Number(a[1])));
    expect(waitingRows(mapping, 'payment_instrument_token_data', options)).toEqual([token]);
  });
});
