import { hints } from '../diagnostic/messages.ts';
import { suggestion } from '../diagnostic/suggest.ts';
import { parseExpression } from '../expression/parse/parse.ts';
import type { Name } from './draft.ts';
import {
  type CsvFormat,
  encodingOf,
  type Format,
  type JsonFormat,
  MEANINGS,
  type OperationFormat,
  type Steps,
} from './format.ts';
import { nameOf, namesOf } from './name.ts';
import { type Entry, type Node, type ScalarNode, under } from './node.ts';
import { offsetsOf } from './offsets.ts';
import { tableFormatOf } from './parse-table.ts';
import type { Report } from './report.ts';

/** How a source's records are written; null where its format is none that is known. */
export function formatOf({ key, keySpan, value: source }: Entry, report: Report): Format | null {
  switch (nameOf(under(source, 'format'))?.text) {
    case 'wal2json':
      return { kind: 'wal2json' };
    case 'csv':
      return csvOf(source, report);
    case 'json':
      return jsonOf(source, report);
    case 'table':
      return tableFormatOf(source, { key, span: keySpan }, report);
    default:
      return under(source, 'metric') && !under(source, 'format') ? { kind: 'metric' } : null;
  }
}

const ENCODINGS = ['utf-8', 'utf-16', 'utf-16be', 'latin1', 'windows-1252'];

function csvOf(source: Node, report: Report): CsvFormat {
  const delimiter = nameOf(under(source, 'delimiter'));
  const text = delimiter?.text ?? ',';
  // An empty one is told of with all empty values.
  if (delimiter && text !== '' && !/^[^"\r\n]$/u.test(text)) {
    report.add('BAD_DELIMITER', { text }, delimiter.span, text === '\\t' ? hints.tabDelimiter : undefined);
  }
  const label = nameOf(under(source, 'encoding'));
  const encoding = encodingOf(label?.text ?? 'utf-8');
  if (label && !encoding)
    report.add('UNKNOWN_ENCODING', { name: label.text }, label.span, suggestion(label.text, ENCODINGS));
  return { kind: 'csv', delimiter: text, encoding: encoding ?? { name: 'utf-8', unit: null } };
}

function jsonOf(source: Node, report: Report): JsonFormat {
  const before = under(source, 'before');
  return {
    kind: 'json',
    row: stepsOf(under(source, 'row'), report),
    before: before ? stepsOf(before, report) : null,
    operation: operationOf(under(source, 'operation'), report),
    jsonStrings: namesOf(under(source, 'json_strings')).map(({ text }) => text),
  };
}

function operationOf(node: Node | undefined, report: Report): OperationFormat | null {
  if (node?.kind !== 'map') return null;
  const said = MEANINGS.flatMap((meaning) => namesOf(under(node, meaning)).map((name) => ({ name, meaning })));
  const meanings = new Map<string, (typeof said)[number]>();
  for (const each of said) {
    const { name, meaning } = each;
    const first = meanings.get(name.text);
    if (first) report.add('OPERATION_TWICE', { value: name.text, first: first.meaning, second: meaning }, name.span);
    else meanings.set(name.text, each);
  }
  const field = stepsOf(under(node, 'field'), report);
  return { field, meanings: [...meanings].map(([value, { meaning }]) => [value, meaning]) };
}

/** A path of names into a document. */
function stepsOf(node: Node | undefined, report: Report): Steps {
  const name = nameOf(node);
  return node?.kind === 'text' && name && name.text.trim() !== '' ? namesIn(name, node, report) : [];
}

function namesIn({ text, span }: Name, node: ScalarNode, report: Report): Steps {
  const parsed = parseExpression(text, offsetsOf(node));
  if ('expression' in parsed && parsed.expression.kind === 'path') {
    const names = parsed.expression.segments.map(({ name }) => name);
    if (names.every((each) => typeof each === 'string')) return names;
  }
  report.add('BAD_STEPS', { text }, span);
  return [];
}
