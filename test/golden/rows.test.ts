/** Goldens of tables: files of rows stand in for the database. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findCases } from '../../engine/golden/case.ts';
import { runWays } from '../../engine/golden/ways.ts';
import { mappingOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';

const SHOP = mappingOf(`
metric: sales
source: { format: table, url: "\${NOBODY:?asks for it}", mode: snapshot }
tables:
  sale: { table: [sale_1, sale_2], key: id }
  product: { table: goods, schema: shop, key: id }
from: sale
join: [sale.product_id = product.id]
columns: [sale.id, product.name, { name: cents, expr: product.price * 100 }]
sink: { sqlite: metrics.db }
`);

const GOODS = ['{"id": 1, "name": "tea", "price": 2.50}', '{"id": 2, "name": "cup", "price": 8}'];

test('a database of several tables is fed by files named for its tables', () =>
  inScratch(async (folder) => {
    const [sale_1, sale_2] = [['{"id": 7, "product_id": 1}'], ['{"id": 8, "product_id": 2}']];
    const inputs = await inputsOf(folder, 'input/source', { goods: GOODS, sale_1, sale_2 });
    for (const { rows } of await runWays(SHOP, inputs, {}))
      expect(rows).toEqual(['{"id": 7, "name": "tea", "cents": 250}', '{"id": 8, "name": "cup", "cents": 800}']);
  }));

test('a database of one table is fed by one file, whatever its name', () =>
  inScratch(async (folder) => {
    const one = mappingOf(SHOP.text.replace(/^ {2}sale:.*\n/m, '').replace('from: sale', 'from: product')
      .replace(/^join.*\n/m, '').replace('sale.id, ', ''));
    const inputs = await inputsOf(folder, '.', { input: GOODS });
    expect([...inputs.keys()]).toEqual(['']);
    for (const { rows } of await runWays(one, inputs, {}))
      expect(rows).toEqual(['{"name": "cup", "cents": 800}', '{"name": "tea", "cents": 250}']);
  }));

/** Lays out a case and gives its inputs. */
async function inputsOf(
  folder: string,
  place: string,
  files: Readonly<Record<string, readonly string[]>>,
): Promise<ReadonlyMap<string, string>> {
  const at = join(folder, 'case', place);
  mkdirSync(at, { recursive: true });
  for (const [name, rows] of Object.entries(files)) writeFileSync(join(at, `${name}.jsonl`), `${rows.join('\n')}\n`);
  const [found] = await findCases('sales', folder);
  return found?.inputs ?? new Map();
}
