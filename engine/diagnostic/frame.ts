import { styleText } from 'node:util';
import type { DataPlace, Diagnostic, MappingPlace } from './diagnostic.ts';
import { excerpt, lineColumn, visible } from './excerpt.ts';

/** A diagnostic as `--json` says it. What is not known is null. */
export interface DiagnosticJson {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly file: string | null;
  /** Line and column count from 1, columns in UTF-16 units; the end is exclusive. */
  readonly line: number | null;
  readonly column: number | null;
  readonly endLine: number | null;
  readonly endColumn: number | null;
  readonly hint: string | null;
  /** Facts below the first line, each `label: text`: in row, asked for by, kept. */
  readonly notes: readonly string[];
  readonly record: number | null;
  readonly offset: number | null;
}

/**
 * A finding as it is printed: `path:line:column: error CODE: sentence`, then the lines of the mapping with a caret, the
 * hint and the notes. A finding about data names `file:record (byte offset)` instead, and the place in the mapping that asked for it.
 */
export function framed(diagnostic: Diagnostic, options: { readonly color?: boolean } = {}): string {
  const { mapping, data, hint } = diagnostic;
  const carets = mapping && !data ? ['', ...excerpt(mapping.text, mapping.span)] : [];
  const below = [...notesOf(diagnostic), ...(hint === undefined ? [] : [`hint: ${hint}`])];
  return [heading(diagnostic, options.color ?? false), ...carets, ...below.map((line) => `  ${visible(line)}`)].join(
    '\n',
  );
}

/** The plain object of `--json`. Where a finding is about data, its place in the data is told. */
export function diagnosticJson(diagnostic: Diagnostic): DiagnosticJson {
  const { code, severity, message, data } = diagnostic;
  const mapping = data ? undefined : diagnostic.mapping;
  const start = mapping && lineColumn(mapping.text, mapping.span.start);
  const end = mapping && lineColumn(mapping.text, mapping.span.end);
  return {
    code,
    severity,
    message,
    file: data?.file ?? mapping?.file ?? null,
    line: start?.line ?? null,
    column: start?.column ?? null,
    endLine: end?.line ?? null,
    endColumn: end?.column ?? null,
    hint: diagnostic.hint ?? null,
    notes: notesOf(diagnostic),
    record: data?.record ?? null,
    offset: data?.offset ?? null,
  };
}

/** What is kept comes last: it is what the reader goes on from. */
function notesOf({ mapping, data, notes = [] }: Diagnostic): readonly string[] {
  const kept = notes.filter((note) => note.startsWith('kept: '));
  return [
    ...notes.filter((note) => !kept.includes(note)),
    ...(mapping && data ? [`asked for by ${place(mapping)}`] : []),
    ...kept,
  ];
}

function heading(diagnostic: Diagnostic, color: boolean): string {
  const { code, severity, message, mapping, data } = diagnostic;
  const where = data ? placeInData(data) : mapping && place(mapping);
  const label = `${severity} ${code}:`;
  const painted = color ? styleText(severity === 'error' ? 'red' : 'yellow', label, { validateStream: false }) : label;
  return `${where === undefined ? '' : `${visible(where)}: `}${painted} ${visible(message)}`;
}

/** `wal.json:17 (byte 4012)`: the bytes in front of the place. */
function placeInData({ file, record, offset }: DataPlace): string {
  return `${file}${record === undefined ? '' : `:${record}`}${offset === undefined ? '' : ` (byte ${offset})`}`;
}

function place(mapping: MappingPlace): string {
  const { line, column } = lineColumn(mapping.text, mapping.span.start);
  return `${mapping.file}:${line}:${column}`;
}
