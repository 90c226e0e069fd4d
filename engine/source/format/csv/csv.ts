/**
 * Reads CSV: a header line, then a record a row (RFC 4180). Every record is a transaction, and an insert by key.
 *
 * The text is cut behind whole records here, and what stands in them is csv-parse's to say. A file that is read from a
 * later place on has its header at its start all the same.
 */
import { type Buffer, isUtf8 } from 'node:buffer';
import type { Commit, Position } from '../../../change.ts';
import { type DataPlace, diagnose, fail, invariant } from '../../../diagnostic/diagnostic.ts';
import { hints } from '../../../diagnostic/messages.ts';
import type { CsvFormat } from '../../../mapping/format.ts';
import { type Decoder, FROM_THE_START, type Item, type Opening } from '../decoder.ts';
import { type Coding, openCoding } from './coding.ts';
import { type Fields, FieldsError, fieldsIn } from './fields.ts';
import { type Framing, openFraming } from './framing.ts';
import { type Columns, columnsOf, imageOf } from './header.ts';

/** A record without an end would fill the memory. */
const LONGEST = 2 ** 26;

/** A file as far as it is read. */
interface Sheet {
  readonly opening: Opening;
  readonly format: CsvFormat;
  readonly coding: Coding;
  readonly framing: Framing;
  /** Null before the header. */
  columns: Columns | null;
  records: number;
  /** Bytes of the file up to and including the last record. */
  behind: number;
  /** Whether the last record has no line end, so that one may still come. */
  unended: boolean;
}

export async function openCsv(opening: Opening, format: CsvFormat): Promise<Decoder> {
  const { bytes, records, shape } = opening.start;
  const sheet = openSheet(opening, format);
  if (bytes > 0) sheet.columns = await readColumns(opening, format);
  Object.assign(sheet, { behind: bytes, records, unended: shape === 'unended' });
  return {
    push: (stretch) => itemsIn(sheet, sheet.framing.take(decoded(sheet, stretch))),
    finish: () => lastItems(sheet),
    get shape() {
      return sheet.unended ? 'unended' : 'sequence';
    },
  };
}

function openSheet(opening: Opening, format: CsvFormat): Sheet {
  const parts = { coding: openCoding(format.encoding), framing: openFraming() };
  return { opening, format, ...parts, columns: null, records: 0, behind: 0, unended: false };
}

async function readColumns(opening: Opening, format: CsvFormat): Promise<Columns | null> {
  const sheet = openSheet({ ...opening, start: FROM_THE_START }, format);
  for await (const stretch of opening.head()) {
    for (const _ of itemsIn(sheet, sheet.framing.take(decoded(sheet, stretch)))) break;
    if (sheet.columns) break;
  }
  return sheet.columns;
}

function decoded(sheet: Sheet, stretch: Buffer): Buffer {
  const { coding, framing, format } = sheet;
  try {
    if (framing.waiting > LONGEST) failEndless(sheet);
    return coding.decode(stretch);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    fail('NOT_ENCODED', { encoding: format.encoding.name }, { data: next(sheet), hint: hints.otherEncoding });
  }
}

/** The last record may lack its line end, if nobody is about to write more. */
function* lastItems(sheet: Sheet): Generator<Item> {
  const { coding, framing, opening } = sheet;
  if (framing.quoted) failOpen(sheet);
  const isCut = framing.waiting > 0 && opening.grows;
  if (isCut || !endsWhole(coding)) fail('TRUNCATED_INPUT', { part: 'record' }, { data: next(sheet) });
  if (framing.waiting > 0) {
    for (const item of itemsIn(sheet, framing.rest())) {
      sheet.unended = true;
      yield item;
    }
  }
  // Nothing at all is a file that is still to be written, and not one whose rows are gone.
  if (sheet.columns === null) fail('TRUNCATED_INPUT', { part: 'header' }, { data: { file: opening.file, offset: 0 } });
}

function endsWhole(coding: Coding): boolean {
  try {
    coding.end();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

const BYTE_ORDER_MARK = '\ufeff';

function* itemsIn(sheet: Sheet, text: Buffer): Generator<Item> {
  if (text.length === 0) return;
  const mark = sheet.behind === 0 && text.indexOf(BYTE_ORDER_MARK) === 0 ? text.subarray(0, 3) : null;
  if (mark) sheet.behind += sheet.coding.size(mark);
  try {
    for (const found of fieldsIn(mark ? text.subarray(3) : text, sheet.format.delimiter)) yield* itemsOf(sheet, found);
  } catch (error) {
    if (error instanceof FieldsError) failFields(sheet, error);
    throw error;
  }
}

function* itemsOf(sheet: Sheet, { fields, bytes }: Fields): Generator<Item> {
  const { columns, opening, unended } = sheet;
  const from = sheet.behind;
  sheet.behind += sheet.coding.size(bytes);
  sheet.unended = false;
  const isEmpty = fields.length === 1 && fields[0] === null;
  if (isEmpty && (unended || columns?.count !== 1)) return;
  if (columns === null) {
    checkEncoded(sheet, bytes);
    sheet.columns = columnsOf(fields, opening);
    return;
  }
  const at: Position = { file: opening.file, record: ++sheet.records, offset: from, lsn: null };
  yield record(sheet, columns, { fields, bytes }, at);
  yield commitOf(sheet, at);
}

function record(sheet: Sheet, columns: Columns, { fields, bytes }: Fields, at: Position): Item {
  const data = { file: at.file, record: at.record, offset: at.offset };
  const size = sheet.behind - at.offset;
  const { name } = sheet.format.encoding;
  if (!isUtf8(bytes)) {
    const diagnostic = diagnose('NOT_ENCODED', { encoding: name }, { data, hint: hints.otherEncoding });
    return { op: 'bad', diagnostic, at, size, unread: null };
  }
  if (fields.length !== columns.count) {
    const facts = { found: fields.length, expected: columns.count };
    return { op: 'bad', diagnostic: diagnose('FIELD_COUNT', facts, { data }), at, size, unread: null };
  }
  return { op: 'insert', after: imageOf(columns, fields), at };
}

function commitOf({ behind }: Sheet, { offset, record }: Position): Commit {
  return { op: 'commit', from: offset, offset: behind, records: record, lsn: null };
}

function checkEncoded({ format, opening }: Sheet, bytes: Buffer): void {
  if (isUtf8(bytes)) return;
  const where = { data: { file: opening.file, offset: 0 }, hint: hints.otherEncoding };
  fail('NOT_ENCODED', { encoding: format.encoding.name }, where);
}

/** Where the next record starts. */
function next({ opening, records, behind }: Sheet): DataPlace {
  return { file: opening.file, record: records + 1, offset: behind };
}

/** Which quotes belong together is not certain any more, nor where the next record starts. */
function failFields(sheet: Sheet, { kind }: FieldsError): never {
  if (kind === 'open quote') fail('TRUNCATED_INPUT', { part: 'record' }, { data: next(sheet) });
  const facts =
    kind === 'inner quote'
      ? { found: 'a quote inside of a field', expected: 'quotes around the whole field' }
      : { found: 'something behind a closing quote', expected: 'the end of the field' };
  fail('NOT_CSV', facts, { data: next(sheet) });
}

/** Says why the file ends inside of quotes: its end is still to come, or a quote in it is a mistake. */
function failOpen(sheet: Sheet): never {
  for (const _ of itemsIn(sheet, sheet.framing.rest()));
  invariant(false, 'what ends inside of quotes is refused');
}

/** Says why no record ends for so long. */
function failEndless(sheet: Sheet): never {
  if (sheet.framing.quoted) checkQuotes(sheet);
  fail('CHANGE_TOO_LARGE', { limit: '64 MiB' }, { data: next(sheet) });
}

/** Of an open quote nothing is said, for it may be closed later. */
function checkQuotes(sheet: Sheet): void {
  try {
    for (const _ of fieldsIn(sheet.framing.rest(), sheet.format.delimiter));
  } catch (error) {
    if (!(error instanceof FieldsError)) throw error;
    if (error.kind !== 'open quote') failFields(sheet, error);
  }
}
