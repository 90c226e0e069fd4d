import { plural } from '../diagnostic/quantity.ts';
import { type Format, isOneTable } from '../mapping/format.ts';
import { isOpened } from './columns.ts';
import type { Line } from './line.ts';
import type { ProposedTable } from './propose.ts';
import { list, scalar } from './scalar.ts';
import type { SampledColumn } from './table.ts';

/** What stands under `tables` for one of them. */
export function tableLine({ alias, known }: ProposedTable, format: Format): Line {
  const { table, key, rows } = known;
  const types = table.columns.flatMap((column) => typeText(column, format) ?? []);
  const parts = [
    ...(table.schema !== null && table.schema !== 'public' ? [`schema: ${scalar(table.schema)}`] : []),
    ...(alias === table.name || isOneTable(format) ? [] : [`table: ${scalar(table.name)}`]),
    `key: ${key.columns.length === 1 ? scalar(key.columns[0] ?? '') : list(key.columns)}`,
    ...(types.length > 0 ? [`types: { ${types.join(', ')} }`] : []),
  ];
  return [`  ${scalar(alias)}: { ${parts.join(', ')} }`, plural(rows.length, 'row')];
}

/** What a column is, where the source does not say it or says it in two ways; null where there is nothing to say. */
function typeText(column: SampledColumn, format: Format): string | null {
  const { name, look, hasTypes, type } = column;
  if (hasTypes) return `${scalar(name)}: text`;
  const isJsonText = type === null && format.kind === 'wal2json' && isOpened(column, format);
  if (isJsonText) return `${scalar(name)}: json`;
  return format.kind === 'csv' && look !== null && DECLARED.has(look) ? `${scalar(name)}: ${look}` : null;
}

/** In a csv file every column is a text. Those that are computed with have a type. */
const DECLARED = new Set(['integer', 'numeric', 'boolean', 'date', 'timestamp', 'timestamptz', 'json']);
