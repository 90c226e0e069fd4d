import type { Type } from '../change.ts';
import { hints } from '../diagnostic/messages.ts';
import { parseExpression } from '../expression/parse/parse.ts';
import { isType } from '../expression/types.ts';
import type {
  CheckDraft,
  ColumnDraft,
  Draft,
  JoinDraft,
  SinkDraft,
  SourceDraft,
  TableDraft,
  Written,
} from './draft.ts';
import { badVariables } from './environment.ts';
import { defaultMode, type Mode } from './format.ts';
import { type Bound, type OnFail, SINKS, type Template } from './mapping.ts';
import { nameOf, namesOf } from './name.ts';
import { type Entry, entryOf, type MapNode, type Node, type ScalarNode, under } from './node.ts';
import { offsetsOf } from './offsets.ts';
import { formatOf } from './parse-format.ts';
import type { Report } from './report.ts';

const ON_FAIL: readonly OnFail[] = ['warn', 'reject', 'stop'];

const BOUNDS: readonly Bound['of'][] = ['waiting', 'null_key', 'fanout'];

/**
 * Takes a document apart: names and expressions with their places. What has not the right shape is left out, for
 * `schema.ts` has told so; what is reported here are mistakes inside a text.
 */
export function parseDraft(root: MapNode, report: Report): Draft {
  const tables = under(root, 'tables');
  return {
    metric: nameOf(under(root, 'metric')),
    description: nameOf(under(root, 'description'))?.text ?? null,
    sources: sourcesOf(root, report),
    tables: tables?.kind === 'map' ? tables.entries.map((entry) => tableOf(entry, report)) : null,
    from: nameOf(under(root, 'from')),
    joins: itemsOf(under(root, 'join')).map((item) => joinOf(item, report)),
    where: writtenOf(under(root, 'where'), report),
    groupBy: groupByOf(under(root, 'group_by'), report),
    columns: itemsOf(under(root, 'columns')).map((item) => columnOf(item, report)),
    checks: checksOf(under(root, 'checks'), report),
    sink: sinkOf(under(root, 'sink'), report),
    state: templateOf(under(root, 'state'), report),
  };
}

/** Null where there is no source, or more than can be told: then no table is asked for its source. */
function sourcesOf(root: MapNode, report: Report): readonly SourceDraft[] | null {
  const [one, several] = [entryOf(root, 'source'), under(root, 'sources')];
  if (one && several) return null;
  const entries = several?.kind === 'map' ? several.entries : one ? [one] : [];
  const sources = entries.flatMap((entry) => sourceOf(entry, report) ?? []);
  return sources.length === entries.length && sources.length > 0 ? sources : null;
}

function sourceOf(entry: Entry, report: Report): SourceDraft | null {
  const { key, keySpan, value } = entry;
  const path = templateOf(under(value, 'path') ?? under(value, 'url') ?? under(value, 'metric'), report);
  const query = templateOf(under(value, 'query'), report);
  const format = formatOf(entry, report);
  if (format === null || path === null) return null;
  const mode = MODES.find((each) => each === nameOf(under(value, 'mode'))?.text) ?? defaultMode(format);
  return { name: { text: key, span: keySpan }, format, path, query, mode };
}

const MODES: readonly Mode[] = ['log', 'upsert', 'snapshot'];

function tableOf({ key, keySpan, value }: Entry, report: Report): TableDraft {
  const tables = namesOf(under(value, 'table'));
  return {
    alias: { text: key, span: keySpan },
    source: nameOf(under(value, 'source')),
    schema: nameOf(under(value, 'schema'))?.text ?? null,
    named: entryOf(value, 'table') ?? entryOf(value, 'schema') ?? null,
    tables: tables.length > 0 ? tables.map((table) => table.text) : [key],
    key: namesOf(under(value, 'key')),
    version: writtenOf(under(value, 'version'), report),
    where: writtenOf(under(value, 'where'), report),
    types: typesOf(under(value, 'types')),
    checks: checksOf(under(value, 'checks'), report),
    keep: keepOf(under(value, 'keep'), report),
  };
}

function keepOf(node: Node | undefined, report: Report): TableDraft['keep'] {
  return nameOf(node)?.text === 'all' ? 'all' : itemsOf(node).map((item) => writtenOf(item, report));
}

function checksOf(node: Node | undefined, report: Report): readonly (CheckDraft | null)[] {
  return itemsOf(node).map((item) => checkOf(item, report));
}

function checkOf(item: Node | undefined, report: Report): CheckDraft | null {
  const expression = writtenOf(under(item, 'expr'), report);
  const onFail = ON_FAIL.find((each) => each === nameOf(under(item, 'on_fail'))?.text);
  return expression && onFail ? { expression, onFail } : null;
}

function typesOf(node: Node | undefined): ReadonlyMap<string, Type> {
  const entries = node?.kind === 'map' ? node.entries : [];
  return new Map(
    entries.flatMap(({ key, value }) => {
      const type = typeOf(value);
      return type === null ? [] : [[key, type]];
    }),
  );
}

/** Null for a name that is no type: what stands under it passes everywhere, so that the slip is one finding. */
function typeOf(node: Node | undefined): Type | null {
  const name = nameOf(node)?.text ?? '';
  return isType(name) ? name : null;
}

function joinOf(item: Node | undefined, report: Report): JoinDraft | null {
  const left = under(item, 'left');
  const on = writtenOf(left ?? under(item, 'inner') ?? item, report);
  return on && { kind: left ? 'left' : 'inner', on, expect: boundsOf(under(item, 'expect')) };
}

function boundsOf(node: Node | undefined): readonly Bound[] {
  return BOUNDS.flatMap((of) => {
    const most = under(node, of);
    return most?.kind === 'text' || most?.kind === 'number' ? [{ of, most: most.text, span: most.span }] : [];
  });
}

function groupByOf(node: Node | undefined, report: Report): Draft['groupBy'] {
  return node ? itemsOf(node).map((item) => (item ? writtenOf(item, report) : null)) : null;
}

function columnOf(item: Node | undefined, report: Report): ColumnDraft | null {
  const expression = writtenOf(item?.kind === 'map' ? under(item, 'expr') : item, report);
  return expression && { name: nameOf(under(item, 'name')), expression, type: typeOf(under(item, 'type')) };
}

function sinkOf(node: Node | undefined, report: Report): SinkDraft | null {
  const kind = SINKS.find((each) => under(node, each));
  const where = kind ? templateOf(under(node, kind), report) : null;
  if (!node || !kind || !where) return null;
  return {
    kind,
    where,
    table: nameOf(under(node, 'table')),
    key: namesOf(under(node, 'key')),
    partitionBy: namesOf(under(node, 'partition_by')),
    span: node.span,
  };
}

/** What is no list counts as one item that could not be read. */
function itemsOf(node: Node | undefined): readonly (Node | undefined)[] {
  if (node === undefined) return [];
  return node.kind === 'list' ? node.items : [undefined];
}

function templateOf(node: Node | undefined, report: Report): Template | null {
  if (node?.kind !== 'text') return null;
  const at = offsetsOf(node);
  for (const { text, start } of badVariables(node.text)) {
    report.add('BAD_VARIABLE', { text }, { start: at(start), end: at(start + text.length) }, hints.dollar);
  }
  return { template: node.text, span: node.span };
}

/** An expression: YAML takes `1` for a number and `true` for a boolean, and their characters are what counts. */
function writtenOf(node: Node | undefined, report: Report): Written | null {
  if (!isWritten(node)) return null;
  const result = parseExpression(node.text, offsetsOf(node));
  if ('problems' in result) report.addProblems(result.problems);
  return { text: node.text, parsed: 'expression' in result ? result.expression : null, span: node.span };
}

function isWritten(node: Node | undefined): node is ScalarNode {
  return (
    (node?.kind === 'text' || node?.kind === 'number' || node?.kind === 'boolean') &&
    !node.cut &&
    node.text.trim() !== ''
  );
}
