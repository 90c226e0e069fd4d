import { hints } from '../../diagnostic/messages.ts';
import { suggestion } from '../../diagnostic/suggest.ts';
import type { Draft } from '../draft.ts';
import type { SinkDeclaration } from '../mapping.ts';
import type { Report } from '../report.ts';
import { reportRepeated } from './tables.ts';

/** Where the metric is written; `columns` are the names of its columns, null where they are not all known. */
export function checkSink(
  { sink, metric }: Draft,
  columns: readonly string[] | null,
  report: Report,
): SinkDeclaration | null {
  const target = sink?.table ?? metric;
  if (!sink || !target) return null;
  const { text: table, span } = target;
  if (/^sqlite_/i.test(table)) report.add('RESERVED_NAME', { name: table, owner: 'sqlite' }, span);
  if (/^_etl_/i.test(table)) report.add('RESERVED_NAME', { name: table, owner: 'state' }, span);
  if (/\$\{/.test(table)) report.add('VARIABLE_NOT_HERE', { text: table, name: 'table' }, span, hints.variablePlaces);
  reportRepeated(sink.key, 'key', report);
  for (const { text: name, span } of [...sink.key, ...sink.partitionBy]) {
    if (columns && !columns.includes(name)) report.add('UNKNOWN_COLUMN', { name }, span, suggestion(name, columns));
  }
  const { kind, where, key } = sink;
  if (kind !== 'sqlite' && key.length === 0) report.add('SINK_WITHOUT_KEY', { kind }, sink.span);
  const [partition] = sink.partitionBy;
  if (kind !== 'clickhouse' && partition) report.add('PARTITION_NOT_HERE', { kind }, partition.span);
  const partitionBy = sink.partitionBy.map((column) => column.text);
  return { kind, where, table, key: key.map((column) => column.text), partitionBy, span: sink.span };
}

/** Where the state of a sink elsewhere is kept. */
export function checkState({ sink, state }: Draft, report: Report): void {
  if (sink?.kind === 'sqlite' && state) report.add('STATE_IN_TARGET', undefined, state.span);
}
