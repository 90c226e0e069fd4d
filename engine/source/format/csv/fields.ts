/** What csv-parse makes of whole records. */
import type { Buffer } from 'node:buffer';
import { CsvError, type InfoField, type InfoRecord, type Options, parse } from 'csv-parse/sync';
import { recordsIn } from './framing.ts';

/** The fields of a record: NULL where one is empty and not quoted, as PostgreSQL's COPY has it. */
export interface Fields {
  readonly fields: readonly (string | null)[];
  /** The record's own bytes, its line end included. */
  readonly bytes: Buffer;
}

/** A record that is no CSV. */
export class FieldsError extends Error {
  readonly kind: 'inner quote' | 'behind quote' | 'open quote';

  constructor({ code }: CsvError) {
    super(code);
    this.kind = KINDS.get(code) ?? 'behind quote';
  }
}

const KINDS = new Map<string, FieldsError['kind']>([
  ['INVALID_OPENING_QUOTE', 'inner quote'],
  ['CSV_QUOTE_NOT_CLOSED', 'open quote'],
]);

interface Parsed {
  readonly record: readonly (string | null)[];
  readonly info: InfoRecord;
}

/** Reads whole records. Throws a FieldsError behind the last one before the first that is no CSV. */
export function* fieldsIn(text: Buffer, delimiter: string): Generator<Fields> {
  const all = tried(text, delimiter);
  if (all === null) {
    // Read one by one, those before the mistake are certain.
    for (const bytes of recordsIn(text)) yield* parsed(bytes, delimiter);
    return;
  }
  yield* all;
}

function tried(text: Buffer, delimiter: string): readonly Fields[] | null {
  try {
    return parsed(text, delimiter);
  } catch (error) {
    if (error instanceof FieldsError) return null;
    throw error;
  }
}

/** Whether a field was quoted is asked only where one may be quoted and empty, for it costs a lot. */
function parsed(text: Buffer, delimiter: string): readonly Fields[] {
  const options = { delimiter, record_delimiter: ['\r\n', '\n'], relax_column_count: true, info: true };
  const isQuotedEmpty = text.includes('""');
  const records = parsing(text, isQuotedEmpty ? { ...options, cast: nullIfEmpty } : options);
  let start = 0;
  return records.map(({ record, info }) => {
    const bytes = text.subarray(start, info.bytes);
    start = info.bytes;
    return { fields: isQuotedEmpty ? record : record.map((field) => field || null), bytes };
  });
}

function nullIfEmpty(field: string, { quoting }: InfoField): string | null {
  return field === '' && !quoting ? null : field;
}

function parsing(text: Buffer, options: Options): readonly Parsed[] {
  try {
    return parse(text, options) as unknown as readonly Parsed[];
  } catch (error) {
    throw error instanceof CsvError ? new FieldsError(error) : error;
  }
}
