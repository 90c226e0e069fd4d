import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diff } from '../../engine/commands/diff.ts';
import { run } from '../../engine/pipeline/run.ts';
import { asLines, insert } from '../log/log.ts';
import { mappingOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';

const mapping = ({ keep = '', where = '', columns = '' }): string => `
metric: sales
source: { format: wal2json, path: log }
tables:
  sale: { key: id${keep} }
from: sale
${where}
columns: [sale.id, ${columns}]
sink: { sqlite: metrics.db }
`;

const sale = (id: number, amount: string, details: string): string =>
  insert('sale', [
    ['id', 'integer', id],
    ['amount', 'numeric(10,2)', amount],
    ['details', 'jsonb', details],
  ]);

const BEFORE = mapping({ keep: ', keep: [details]', columns: 'sale.amount, { name: size, expr: sale.amount > 2 }' });

/** What is said of a change, on the state of the mapping before it, and on the log. */
async function said(after: string, flags: 'state' | 'log' = 'state') {
  return inScratch(async (folder) => {
    const [log, output] = [join(folder, 'log.json'), join(folder, 'metrics.db')];
    const files = [join(folder, 'old.yaml'), join(folder, 'new.yaml')] as const;
    writeFileSync(log, asLines([sale(1, '1.50', '{"shop":"A"}'), sale(2, '2.50', '{"shop":"B"}'), sale(3, '3', '{}')]));
    writeFileSync(files[0], BEFORE);
    writeFileSync(files[1], after);
    await run(mappingOf(BEFORE), { inputs: new Map([['', log]]), output });
    return diff(files, flags === 'log' ? { input: [log], output } : { output });
  });
}

test('what changes is told column by column, row by row and cell by cell', async () => {
  const columns = 'sale.details.shop, { name: size, expr: cast(sale.amount as integer) }';
  const { text } = await said(mapping({ keep: ', keep: [details]', where: 'where: sale.id < 3', columns }));
  expect(text).toMatchInlineSnapshot(`
    "sales
      change  in place: the state holds what the changed mapping needs
      column  + shop   in 2 of 2 rows   "A", "B"
              - amount   in 3 of 3 rows   1.5, 2.5, 3
              ~ size   integer, was boolean
      rows    2 rows, 3 before   +0 ~2 -1   by id
              - id=3 size=1
      cells   ~ size   2 changed
                id=1: 2, was 0
                id=2: 3, was 1"
  `);
});

test('what the state lacks is named, and the log tells the rest', async () => {
  const after = mapping({ columns: 'sale.amount, sale.shop' });
  expect((await said(after)).text).toMatchInlineSnapshot(`
    "sales
      change  reads the log again (--full-refresh): the state does not hold sale.shop
      column  + shop
              - size
      rows    not known without the log: --input PATH reads it for both mappings"
  `);
  expect((await said(after, 'log')).text).toMatchInlineSnapshot(`
    "sales
      change  reads the log again (--full-refresh): the state does not hold sale.shop
      column  + shop   in 0 of 3 rows
              - size   in 3 of 3 rows   0, 1
      rows    3 rows, 3 before   +0 ~0 -0   by id"
  `);
});

test('a mapping that changes nothing of the rows says so', async () => {
  expect((await said(BEFORE)).text).toMatchInlineSnapshot(`
    "sales
      change  in place: the state holds what the changed mapping needs
      rows    3 rows, 3 before   +0 ~0 -0   by id"
  `);
});
