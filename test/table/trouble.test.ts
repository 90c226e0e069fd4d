/** Servers that are not there, refuse or break off: each is told with its name, and the next run goes on. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Diagnostic, EtlError } from '../../engine/diagnostic/diagnostic.ts';
import { framed } from '../../engine/diagnostic/frame.ts';
import { messages } from '../../engine/diagnostic/messages.ts';
import { compile } from '../../engine/plan/compile.ts';
import { explainPlan } from '../../engine/sql/explain.ts';
import { openGate } from '../servers/gate.ts';
import { mappingOf, rowsOf } from '../support/engine.ts';
import { itemsIn, runTable, type TableMetric, yamlOf } from './metric.ts';
import { describeServers, PASSWORD } from './servers.ts';

const ROWS = 3000;

describeServers('trouble with', (withItems, name) => {
  test.for(['mode: snapshot', 'watermark: at'])(
    'by %s a connection that is lost in the midst of a read loses no row and doubles none',
    (source, context) =>
      withItems('name text, at integer', [source], async (items, { place, query }) => {
        const rows = Array.from({ length: ROWS }, (_, n) => `(${n}, '${'x'.repeat(100)}', ${n})`);
        await query(`INSERT INTO item VALUES ${rows.join(', ')}`);
        const gate = await openGate(place);
        const behind = { ...items, url: throughPort(items.url, gate.port) };
        const kept = [];
        for (const bytes of [150_000, 170_000]) {
          gate.cutAfter(bytes);
          const { code, data } = await refusalOf(behind);
          expect({ code, file: data?.file }).toEqual({ code: 'CONNECTION_LOST', file: shown(behind.url) });
          kept.push(rowsOf(join(items.folder, 'metrics.db'), '_etl_relation_1').length);
        }
        expect(Math.min(...kept)).toBe(1000);
        expect(Math.max(...kept)).toBeLessThan(ROWS);
        gate.cutAfter(Number.POSITIVE_INFINITY);
        expect((await runTable(behind)).write.rows).toBe(ROWS);
        await gate.shut();
        expect(itemsIn(items.folder)).toHaveLength(ROWS);
      })(context),
  );

  test(
    'a server that is down is told of, and read when it is up again',
    withItems('name text', ['mode: snapshot'], async (items, { place, query }) => {
      await query(`INSERT INTO item VALUES (1, 'a')`);
      const gate = await openGate(place);
      const behind = { ...items, url: throughPort(items.url, gate.port) };
      await runTable(behind);
      await query(`INSERT INTO item VALUES (2, 'b')`);
      await gate.shut();
      const { code, data } = await refusalOf(behind);
      expect({ code, file: data?.file }).toEqual({ code: 'SERVER_NOT_REACHED', file: shown(behind.url) });
      expect((await runTable(items)).read.changes).toBe(1);
      expect(itemsIn(items.folder)).toHaveLength(2);
    }),
  );

  test(
    'who is not let in, or may not read, or asks for what is not there, is told so; the next run goes on',
    withItems('name text', ['mode: snapshot'], async (items, { query }) => {
      await query(`INSERT INTO item VALUES (1, 'a')`);
      await runTable(items);
      const wrong = { ...items, url: items.url.replace(PASSWORD, `${PASSWORD}x`) };
      const nobody = { ...items, url: items.url.replace('reader', 'nobody') };
      const nowhere = { ...items, url: items.url.replace(/\w+$/, 'nowhere') };
      for (const each of [wrong, nobody, nowhere]) expect((await refusalOf(each)).code).toBe('LOGIN_REFUSED');
      const folder = join(items.folder, 'others');
      mkdirSync(folder);
      const asking = (query: string) => ({ ...items, folder, source: ['mode: snapshot', `query: SELECT ${query}`] });
      expect((await refusalOf(asking('nothing FROM item'))).code).toBe('QUERY_REFUSED');
      const hidden = name === 'PostgreSQL' ? 'pg_authid' : 'mysql.global_priv';
      expect((await refusalOf(asking(`1 AS id, 2 AS name FROM ${hidden}`))).code).toBe('NO_PERMISSION');
      await query(`INSERT INTO item VALUES (2, 'b')`);
      expect((await runTable(items)).read.changes).toBe(1);
    }),
  );

  test(
    'a password is in no finding, no plan, no result and no file of the state, whatever goes wrong',
    withItems('name text', ['mode: snapshot'], async (items, { query }) => {
      await query(`INSERT INTO item VALUES (1, 'a')`);
      const told = [JSON.stringify(await runTable(items))];
      const plan = compile(mappingOf(yamlOf(items)));
      for (const format of ['text', 'mermaid', 'dot', 'sql'] as const) told.push(explainPlan(plan, format));
      const others: readonly Partial<TableMetric>[] = [
        { url: items.url.replace(PASSWORD, `${PASSWORD}x`) },
        { url: items.url.replace('reader', 'nobody') },
        { url: throughPort(items.url, 1) },
        { columns: ['id', 'nothing'] },
      ];
      for (const other of others) {
        const refusal = await refusalOf({ ...items, ...other });
        expect(messages[refusal.code].exit).toBeGreaterThanOrEqual(2);
        told.push(framed(refusal), JSON.stringify(refusal));
      }
      const files = readdirSync(items.folder).map((file) => readFileSync(join(items.folder, file), 'latin1'));
      expect([...files, ...told].join('\n')).not.toContain(PASSWORD);
    }),
  );
});

/** The only finding of a run that must fail. */
async function refusalOf(metric: TableMetric): Promise<Diagnostic> {
  try {
    await runTable(metric, { batchSize: 100 });
  } catch (error) {
    const [only, ...others] = error instanceof EtlError ? error.diagnostics : [];
    if (only && others.length === 0) return only;
    throw error;
  }
  throw new Error('nothing was found');
}

/** The same database, reached at a port of this machine. */
function throughPort(url: string, port: number): string {
  return url.replace(/@[^/]+/, `@127.0.0.1:${port}`);
}

/** A URL as it may be seen. */
function shown(url: string): string {
  return url.replace(`:${PASSWORD}`, '');
}
