import { isAlias, isMap, isNode, isScalar, isSeq, type Scalar, type YAMLMap, type Document as Yaml } from 'yaml';
import type { Span } from '../diagnostic/diagnostic.ts';
import { lineColumn } from '../diagnostic/excerpt.ts';
import { hints, yamlReasons as reasons } from '../diagnostic/messages.ts';
import type { Entry, Node, ScalarNode } from './node.ts';
import type { Report } from './report.ts';

/** More values than this come only of aliases that unfold aliases. */
const MOST_VALUES = 50_000;

/** What is known while the parser's nodes are turned into ours. */
interface Reading {
  readonly yaml: Yaml;
  readonly report: Report;
  /** The nodes around the one that is read: an alias to one of them never ends. */
  readonly around: Set<unknown>;
  values: number;
  broken: boolean;
}

/**
 * Turns the parser's nodes into ours: aliases resolved, keys as texts, each once. The parser found no mistake in them.
 * Null where some value can't be told, and a finding says why.
 */
export function readTree(yaml: Yaml, report: Report): Node | null {
  const reading: Reading = { yaml, report, around: new Set(), values: 0, broken: false };
  const root = nodeOf(reading, yaml.contents, { start: 0, end: 0 });
  return reading.broken ? null : root;
}

/** `place` is where a value stands that is not written at all. */
function nodeOf(reading: Reading, yaml: unknown, place: Span): Node {
  if (reading.broken) return nothing(place);
  reading.values++;
  const span = isNode(yaml) && yaml.range ? { start: yaml.range[0], end: yaml.range[1] } : place;
  if (isScalar(yaml)) return scalarOf(reading, yaml, span);
  const target = isAlias(yaml) ? yaml.resolve(reading.yaml) : yaml;
  if (isAlias(yaml) && target === undefined) return unreadable(reading, reasons.alias, span, hints.leadingSign('*'));
  if (reading.around.has(target) || reading.values > MOST_VALUES) return unreadable(reading, reasons.aliases, span);
  if (isAlias(yaml)) return nodeOf(reading, target, span);
  reading.around.add(target);
  const node = collectionOf(reading, target, span);
  reading.around.delete(target);
  return node;
}

function collectionOf(reading: Reading, yaml: unknown, span: Span): Node {
  if (isMap(yaml)) return { kind: 'map', entries: entriesOf(reading, yaml), span };
  if (isSeq(yaml)) return { kind: 'list', items: yaml.items.map((item) => nodeOf(reading, item, span)), span };
  return nothing(span);
}

function entriesOf(reading: Reading, map: YAMLMap): Entry[] {
  const entries = new Map<string, Entry>();
  let last: Entry | undefined;
  for (const { key, value } of map.items) {
    const named = nodeOf(reading, key, { start: 0, end: 0 });
    if (reading.broken) break;
    if (named.kind === 'map' || named.kind === 'list') unreadable(reading, reasons.key, named.span);
    else if (value === null && last && mayBeCut(last.value)) last = cutShort(reading, entries, last, named);
    else if (!entries.has(named.text)) {
      const behind = { start: named.span.end, end: named.span.end };
      last = { key: named.text, keySpan: named.span, value: nodeOf(reading, value, behind) };
      entries.set(named.text, last);
    } else duplicate(reading, named, entries.get(named.text));
  }
  return [...entries.values()];
}

/** Only a text without quotes ends at a comma. */
function mayBeCut(value: Node): boolean {
  return value.kind === 'text' && value.style === 'plain';
}

/**
 * `{ name: x, expr: coalesce(a, b) }` is for YAML a text `coalesce(a` and a key `b)` without a value. The entry is marked,
 * and one finding stands for all keys of that kind.
 */
function cutShort(reading: Reading, entries: Map<string, Entry>, entry: Entry, rest: ScalarNode): Entry {
  if (entry.value.kind !== 'text' || entry.value.cut) return entry;
  reading.report.add('CUT_TEXT', { name: rest.text }, rest.span, hints.flowComma);
  const marked = { ...entry, value: { ...entry.value, cut: true } };
  entries.set(entry.key, marked);
  return marked;
}

function duplicate(reading: Reading, key: ScalarNode, first: Entry | undefined): void {
  const { line } = lineColumn(reading.report.text, first?.keySpan.start ?? 0);
  reading.report.add('DUPLICATE_KEY', { name: key.text, line }, key.span);
}

function scalarOf(reading: Reading, yaml: Scalar, span: Span): ScalarNode {
  const source = reading.report.text.slice(span.start, span.end);
  if (yaml.anchor !== undefined && source === '') unreadable(reading, reasons.anchor, span, hints.leadingSign('&'));
  const kind = kindOf(yaml.value);
  const text = kind === 'text' ? String(yaml.value) : source;
  const unprintable = text.includes('\0');
  if (unprintable) reading.report.add('UNPRINTABLE_TEXT', undefined, span);
  return { kind, text, source, style: styleOf(yaml), cut: unprintable, span };
}

function kindOf(value: unknown): ScalarNode['kind'] {
  if (value === null) return 'null';
  if (typeof value === 'number' || typeof value === 'bigint') return 'number';
  return typeof value === 'boolean' ? 'boolean' : 'text';
}

function styleOf(yaml: Scalar): ScalarNode['style'] {
  switch (yaml.type) {
    case 'QUOTE_SINGLE':
      return 'single';
    case 'QUOTE_DOUBLE':
      return 'double';
    case 'BLOCK_FOLDED':
    case 'BLOCK_LITERAL':
      return 'block';
    default:
      return 'plain';
  }
}

/** Reports why a value can't be told. */
function unreadable(reading: Reading, reason: string, span: Span, hint?: string): Node {
  // One mistake of YAML is enough: what follows it is guesswork.
  if (!reading.broken) reading.report.add('NOT_YAML', { reason }, span, hint);
  reading.broken = true;
  return nothing(span);
}

function nothing(span: Span): ScalarNode {
  return { kind: 'null', text: '', source: '', style: 'plain', cut: false, span };
}
