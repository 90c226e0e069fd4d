import { dirname, relative } from 'node:path';
import { plural } from '../diagnostic/quantity.ts';
import { columnLines } from './column-lines.ts';
import { columnsOf } from './columns.ts';
import { equalityText, joinLines, matchText } from './join-lines.ts';
import { aligned, type Line } from './line.ts';
import type { Proposal, ProposedTable } from './propose.ts';
import { comment, lineScalar, scalar } from './scalar.ts';
import { sourceLines } from './source-lines.ts';
import { tableLine } from './table-lines.ts';

/** Where editors find what may be written in a mapping, from the working directory on. */
const SCHEMA = 'schemas/mapping.schema.json';

/** A proposal as the text of a mapping; `file` is where it is to stand, among the mappings if nobody says. */
export function mappingText(proposal: Proposal, file: string | null): string {
  const schema = relative(dirname(file ?? 'mappings/metric.yaml'), SCHEMA);
  const { root, metric, source, joins, tables, others, aliasOf } = proposal;
  return [
    `# yaml-language-server: $schema=${schema}`,
    `# $schema: ${schema}`,
    `# Proposed by etl init from ${sampleText(proposal)}.`,
    `metric: ${metric}`,
    `description: ${lineScalar(`One row for each row of ${root.alias} with all that it refers to.`)}`,
    '',
    'source:',
    ...sourceLines(source),
    '',
    'tables:',
    ...aligned([
      ...tables.map((table) => tableLine(table, source.format)),
      ...others.map((table) => otherLine(table, proposal)),
    ]),
    '',
    `from: ${scalar(root.alias)}`,
    ...(joins.length > 0 ? ['join:', ...aligned(joins.flatMap((join) => joinLines(join, aliasOf)))] : []),
    '',
    'columns:',
    ...aligned(columnLines(columnsOf(proposal))),
    '',
    'sink:',
    '  sqlite: metrics.db',
    '',
  ].join('\n');
}

function sampleText({ changes, isWhole, source: { path } }: Proposal): string {
  const read = plural(changes, 'change');
  return comment(isWhole ? `${read}, all there are in ${path}` : `the first ${read} of ${path}`);
}

/** A table that nothing joins stands there for who knows better: declared, it would have to be joined. */
function otherLine(table: ProposedTable, { source, near, aliasOf }: Proposal): Line {
  const [text] = tableLine(table, source.format);
  const link = near.get(table.known);
  const why = link
    ? `not joined: ${equalityText(link, aliasOf)}, ${matchText(link)}`
    : 'not joined: nothing leads here';
  return [text.replace(/^ {2}/, '  # '), why];
}
