/** What status says of a metric, against what the run that made it said, and of what is not read yet, against the log. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lagFindings, readMaxLag } from '../../engine/commands/max-lag.ts';
import type { RunResult } from '../../engine/pipeline/result.ts';
import { run } from '../../engine/pipeline/run.ts';
import { type Status, statusOf } from '../../engine/pipeline/status.ts';
import { asLines, insert, transaction } from '../log/log.ts';
import { randomCase, randomHistory } from '../oracle/random.ts';
import { runs } from '../support/counts.ts';
import { execute, mappingOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';
import { tell } from '../support/tally.ts';
import { cuts, partsOf } from './law.ts';

/** What a run and a status both say. */
function common(said: RunResult | Status): object {
  const { metric, loaded, joins, filter } = said;
  const rows = 'write' in said ? said.write.rows : said.rows;
  const checkpoint = 'write' in said ? said.checkpoint : said.sources.flatMap((source) => source.checkpoint);
  return { metric, loaded, joins, filter, rows, checkpoint };
}

test('status says what the last run said, and how much of the log is not read yet', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(randomCase, randomHistory), cuts, (drawn, { places }) =>
      inScratch(async (folder) => {
        const [log, output] = [join(folder, 'log'), join(folder, 'metrics.db')];
        mkdirSync(log);
        const mapping = mappingOf(drawn.mapping);
        const options = { inputs: new Map([['', log]]), output };
        const [first = [], ...later] = partsOf(drawn.log, places);
        writeFileSync(join(log, '000.json'), asLines(first.flat()));
        const result = await run(mapping, options);
        for (const [n, part] of later.entries()) writeFileSync(join(log, `00${n + 1}.json`), asLines(part.flat()));
        const status = await statusOf(mapping, options);
        expect(common(status)).toEqual(common(result));
        const rest = later.flat(2);
        expect(status.sources).toMatchObject([
          { lag: { bytes: Buffer.byteLength(asLines(rest)), records: rest.length } },
        ]);
        expect(status.rejected.rows).toBe(
          result.checks.reduce((sum, { onFail, rows }) => sum + (onFail === 'reject' ? rows : 0), 0),
        );
        tell('states told of', 1);
      }),
    ),
    { numRuns: runs(40, 400) },
  );
});

const EVENTS = `
metric: events
source: { format: wal2json, path: wal.json }
tables: { event: { key: id } }
from: event
columns: [event.id]
sink: { sqlite: metrics.db }
`;

const event = (id: number): string => insert('event', [['id', 'integer', id]]);

/** What is told of a log that was read as far as `read`, and holds `all`. */
function told(
  read: string,
  all: string,
  work: (status: Status, again: () => Promise<Status>, output: string) => unknown,
): Promise<void> {
  return inScratch(async (folder) => {
    const [log, output] = [join(folder, 'wal.json'), join(folder, 'metrics.db')];
    const options = { inputs: new Map([['', log]]), output, onRejected: () => {} };
    writeFileSync(log, read);
    await run(mappingOf(EVENTS), options);
    writeFileSync(log, all);
    const again = () => statusOf(mappingOf(EVENTS), options);
    await work(await again(), again, output);
  });
}

test('a log with LSNs tells to where it goes on, and a transaction that was left out is counted', () => {
  const change = event(1).slice('{"change":['.length, -2);
  const bad = change.replace('[1]', '["one"]');
  const lines = [transaction([change], '0/10'), transaction([bad], '0/20'), transaction([change], '1/A0')];
  return told(asLines(lines.slice(0, 2)), asLines(lines), ({ sources, rejected, rows }) => {
    expect([rows, rejected]).toEqual([1, { transactions: 1, rows: 0 }]);
    expect(sources).toMatchObject([{ lsn: 0x20n, lag: { records: 1, lsn: 0x1000000a0n, stopped: null } }]);
  });
});

test('a log that a run would stop at is said to be stopped, and so is one that was replaced', async () => {
  const broken = asLines([event(1), event(2), '?']);
  await told(asLines([event(1)]), broken, ({ sources: [source] }) => {
    expect(source?.lag).toMatchObject({ records: 1, stopped: { code: 'NOT_JSON' } });
  });
  await told(asLines([event(1)]), asLines([event(2)]), ({ sources: [source] }) => {
    expect(source?.lag).toMatchObject({ bytes: 0, records: 0, stopped: { code: 'FILE_REPLACED' } });
  });
});

test('the most that may be unread is a number of records, of bytes, or a time', () =>
  told(asLines([event(1)]), asLines([event(1), event(2), event(3)]), (status) => {
    const now = new Date((status.committed?.getTime() ?? 0) + 90_000);
    const isLate = (most: string) => lagFindings(readMaxLag(most), status, now).map(({ code }) => code);
    expect(['1', '2'].map(isLate)).toEqual([['LAG_TOO_LARGE'], []]);
    expect(['100B', '1kB'].map(isLate)).toEqual([['LAG_TOO_LARGE'], []]);
    expect(['80s', '1m', '2m', '1h'].map(isLate)).toEqual([['LAG_TOO_LARGE'], ['LAG_TOO_LARGE'], [], []]);
  }));

test('of a table that others write to, the rows are those that are ours', () =>
  inScratch(async (folder) => {
    const [log, output] = [join(folder, 'wal.json'), join(folder, 'metrics.db')];
    const mapping = mappingOf(EVENTS.replace('metrics.db }', 'metrics.db, key: [id] }'));
    execute(output, "CREATE TABLE events (id, note); INSERT INTO events VALUES (1, 'theirs'), (7, 'theirs')");
    writeFileSync(log, asLines([event(1), event(2), event(3)]));
    const options = { inputs: new Map([['', log]]), output };
    expect((await run(mapping, options)).write).toMatchObject({ rows: 2, held: 1 });
    expect(await statusOf(mapping, options)).toMatchObject({ rows: 2 });
  }));

test('a state that another mapping made is told without its joins; one that is not there is not told', () =>
  told(asLines([event(1)]), asLines([event(1)]), async (status, again, output) => {
    expect(status).toMatchObject({ changed: false, sources: [{ lag: { records: 0, stopped: null } }] });
    execute(output, "UPDATE _etl_metric SET plan = 'another'");
    expect(await again()).toMatchObject({ changed: true, rows: 1, joins: [] });
    execute(output, 'DELETE FROM _etl_metric');
    await expect(again()).rejects.toThrow('NO_STATE');
  }));
