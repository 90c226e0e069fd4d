/** A small shop that is asked why: its log is written record by record, and answers are read as people read them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { whyText } from '../../engine/commands/why-text.ts';
import type { RunOptions } from '../../engine/pipeline/options.ts';
import { run } from '../../engine/pipeline/run.ts';
import { why } from '../../engine/why/why.ts';
import { asLines, insert, type LoggedRow } from '../log/log.ts';
import { mappingOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';

export const SHOP = `
metric: sales
source: { format: wal2json, path: wal.json }
tables:
  sale: { key: id }
  item: { key: sku }
  maker: { key: id }
from: sale
join:
  - sale.sku = item.sku
  - { left: item.maker = maker.id }
columns:
  - { name: sale, expr: sale.id }
  - sale.sku
  - item.price
  - { name: total, expr: sale.count * item.price }
  - { name: maker, expr: maker.name }
sink: { sqlite: metrics.db }
`;

export interface Shop {
  readonly folder: string;
  /** Writes the whole log, and runs over it. */
  readonly take: (records: readonly string[], options?: RunOptions) => Promise<void>;
  /** Writes it, and does not run. */
  readonly write: (records: readonly string[]) => void;
  /** The lines of the answer, without the scratch folder. */
  readonly ask: (...words: readonly string[]) => Promise<readonly string[]>;
}

export function inShop(yaml: string, work: (shop: Shop) => Promise<void>): Promise<void> {
  return inScratch((folder) => {
    const [log, output] = [join(folder, 'wal.json'), join(folder, 'metrics.db')];
    const mapping = mappingOf(yaml);
    const write = (records: readonly string[]) => writeFileSync(log, asLines(records));
    return work({
      folder,
      write,
      take: async (records, options = {}) => {
        write(records);
        await run(mapping, { inputs: new Map([['', log]]), output, ...options });
      },
      ask: async (...words) => {
        const text = whyText(await why(mapping, words, { output }));
        return text.replaceAll(`${folder}/`, '').split('\n');
      },
    });
  });
}

export const sale = (id: number, sku: string | null, count: number | null = 1): string =>
  insert('sale', saleRow(id, sku, count));

export function saleRow(id: number, sku: string | null, count: number | null = 1): LoggedRow {
  return [
    ['id', 'integer', id],
    ['sku', 'text', sku],
    ['count', 'integer', count],
  ];
}

export const item = (sku: string, price: number, maker: number | null = null): string =>
  insert('item', itemRow(sku, price, maker));

export function itemRow(sku: string, price: number, maker: number | null = null): LoggedRow {
  return [
    ['sku', 'text', sku],
    ['price', 'integer', price],
    ['maker', 'integer', maker],
  ];
}
