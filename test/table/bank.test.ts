/** The mappings of the bank over a real PostgreSQL, against the same questions asked there in SQL. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadMapping } from '../../engine/mapping/load.ts';
import type { Mapping } from '../../engine/mapping/mapping.ts';
import type { RunOptions } from '../../engine/pipeline/options.ts';
import { run } from '../../engine/pipeline/run.ts';
import { type Dice, diceOf } from '../postgres/dice.ts';
import { NO_POSTGRES, type Postgres, startPostgres } from '../servers/postgres.ts';
import { runs } from '../support/counts.ts';
import { rowsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';
import { tell } from '../support/tally.ts';

let server: Postgres | null = null;
beforeAll(() => {
  server = startPostgres();
});
afterAll(() => server?.stop());

const TABLES = `
CREATE TABLE organizations (id uuid PRIMARY KEY, name text NOT NULL);
CREATE TABLE bank_accounts (id serial PRIMARY KEY, organization_id uuid);
CREATE TABLE transaction (id serial PRIMARY KEY, bank_account_id integer, subject_type varchar(20), status smallint);
CREATE TABLE beneficiaries (id serial PRIMARY KEY, bic varchar(11));
CREATE TABLE transfers (id serial PRIMARY KEY, transaction_id integer, beneficiary_id integer, status smallint);
CREATE TABLE card_transactions (id serial PRIMARY KEY, transaction_id integer, status smallint);
`;

/** What each metric is, in the words of PostgreSQL: one text a row. */
const questions: Readonly<Record<string, string>> = {
  companies_transactions: `SELECT concat_ws(',', o.id, o.name,
      (SELECT count(*) FROM transaction t JOIN bank_accounts b ON b.id = t.bank_account_id
       WHERE b.organization_id = o.id AND t.status = 1))
    FROM organizations o`,
  companies_transfers: `SELECT concat_ws(',', o.id, o.name,
      (SELECT count(*) FROM transfers f JOIN transaction t ON t.id = f.transaction_id
         JOIN bank_accounts b ON b.id = t.bank_account_id JOIN beneficiaries r ON r.id = f.beneficiary_id
       WHERE b.organization_id = o.id AND t.status = 1 AND f.status = 3 AND starts_with(r.bic, '4F')))
    FROM organizations o`,
  companies_card_average: `SELECT concat_ws(',', o.id, o.name, trim_scale(avg(uses))) FROM organizations o
    JOIN bank_accounts b ON b.organization_id = o.id JOIN transaction t ON t.bank_account_id = b.id
    CROSS JOIN LATERAL (SELECT count(*) AS uses FROM card_transactions c WHERE c.transaction_id = t.id AND c.status = 0) AS u
    WHERE t.subject_type = 'Card' GROUP BY o.id, o.name`,
};

test('each metric is what PostgreSQL answers, and stays so while rows come, change and go', async (context) => {
  if (server === null) return context.skip(NO_POSTGRES);
  const { query, host } = server;
  await query(TABLES);
  const dice = diceOf(1);
  await query(
    Array.from({ length: 8 }, (_, n) => `INSERT INTO organizations VALUES (${uuid(n)}, 'Org ${n}')`).join(';'),
  );
  await inScratch(async (folder) => {
    const options = { output: join(folder, 'metrics.db'), env: { BANK_URL: urlOf(host) } };
    for (let round = runs(2, 10); round > 0; round--) {
      await query(Array.from({ length: 200 }, () => change(dice)).join(';'));
      for (const [metric, question] of Object.entries(questions)) {
        await run(await mappingOf(metric), options);
        const rows = rowsIn(options.output, metric);
        expect(rows, metric).toEqual((await query(question)).sort());
        expect(rows.some((row) => Number(row.split(',')[2]) > 0)).toBe(true);
        tell('answers of a bank');
      }
    }
  });
});

test('the latest version of a company stands beside its organization and its insolvency', async (context) => {
  if (server === null) return context.skip(NO_POSTGRES);
  const { query, host } = server;
  await query('DROP TABLE IF EXISTS organizations; CREATE TABLE organizations (id text PRIMARY KEY, name text)');
  await query(`INSERT INTO organizations VALUES ('o-1', 'Lund'), ('o-2', 'Nord')`);
  await inScratch(async (folder) => {
    const options = { output: join(folder, 'metrics.db'), env: { BANK_URL: urlOf(host) } };
    const rows = () => rowsIn(options.output, 'companies_latest');
    await run(await mappingOf('companies_latest'), options);
    expect(rows()).toEqual([
      'o-1,Bakery Lund,Lund,1700500000,',
      'o-2,Nord Logistics AS,Nord,1700900000,',
      'o-3,Studio Weiss GmbH,,1700800000,2024-02-01 08:30:00+00',
      'o-9,Lonely Lights,,1700000300,',
    ]);
    await query(`DELETE FROM organizations WHERE id = 'o-1'; INSERT INTO organizations VALUES ('o-9', 'Lights')`);
    expect((await run(await mappingOf('companies_latest'), options)).write).toMatchObject({ changed: 2 });
    expect(rows()).toContain('o-9,Lonely Lights,Lights,1700000300,');
    expect(rows()).toContain('o-1,Bakery Lund,,1700500000,');
  });
});

const EVENTS = '../shared/data/companies/company_events.ndjson';

test('events that the bank gave are each there once, however often they are delivered', async (context) => {
  if (!existsSync(EVENTS)) return context.skip(`${EVENTS} is not there`);
  await inScratch(async (folder) => {
    const events = join(folder, 'events.ndjson');
    writeFileSync(events, readFileSync(EVENTS));
    const options: RunOptions = { output: join(folder, 'metrics.db'), inputs: new Map([['', events]]) };
    const { write, read } = await run(await mappingOf('companies_events'), options);
    expect(write.rows).toBe(read.changes);
    const all = rowsIn(join(folder, 'metrics.db'), 'companies_events');
    appendFileSync(events, `\n${readFileSync(EVENTS)}`);
    const again = await run(await mappingOf('companies_events'), options);
    expect(again).toMatchObject({ read: { changes: read.changes }, write: { added: 0, changed: 0, removed: 0 } });
    expect(all.every((row) => /20\d\d-\d\d-\d\d [\d:.]+\+00$/.test(row))).toBe(true);
  });
});

async function mappingOf(metric: string): Promise<Mapping> {
  const loaded = await loadMapping(`mappings/${metric}.yaml`);
  if ('mapping' in loaded) return loaded.mapping;
  throw new Error(`mappings/${metric}.yaml has findings`);
}

function urlOf(host: string): string {
  return `postgres://postgres@${encodeURIComponent(host)}/postgres`;
}

function rowsIn(database: string, metric: string): readonly string[] {
  return rowsOf(database, metric)
    .map((row) => row.map((value) => value ?? '').join(','))
    .sort();
}

function uuid(n: number): string {
  return `'00000000-0000-4000-8000-00000000000${n}'`;
}

/** Most rows have the partners that they name, and some of them wait. */
function change(dice: Dice): string {
  const status = () => dice.pick([0, 0, 1, 1, 1, 3, 3, 3, 'NULL']);
  const id = (most: number) => 1 + dice.below(most);
  const kind = () => dice.pick([`'Card'`, `'Card'`, `'Transfer'`, 'NULL']);
  return dice.weigh<() => string>(
    [2, () => `INSERT INTO bank_accounts (organization_id) VALUES (${uuid(dice.below(9))})`],
    [
      6,
      () =>
        `INSERT INTO transaction (bank_account_id, subject_type, status) VALUES (${id(12)}, ${kind()}, ${status()})`,
    ],
    [
      2,
      () => `INSERT INTO beneficiaries (bic) VALUES (${dice.pick([`'4FAB'`, `'4FXY'`, `'XX4F'`, `'4fAB'`, 'NULL'])})`,
    ],
    [
      5,
      () => `INSERT INTO transfers (transaction_id, beneficiary_id, status) VALUES (${id(40)}, ${id(9)}, ${status()})`,
    ],
    [6, () => `INSERT INTO card_transactions (transaction_id, status) VALUES (${id(40)}, ${status()})`],
    [2, () => `UPDATE transaction SET status = ${status()} WHERE id = ${id(40)}`],
    [1, () => `UPDATE bank_accounts SET organization_id = ${uuid(dice.below(9))} WHERE id = ${id(12)}`],
    [1, () => `UPDATE organizations SET name = name || '!' WHERE id = ${uuid(dice.below(8))}`],
    [1, () => `DELETE FROM card_transactions WHERE id = ${id(60)}`],
    [1, () => `DELETE FROM transaction WHERE id = ${id(40)}`],
  )();
}
