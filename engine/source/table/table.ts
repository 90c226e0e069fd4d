/**
 * Reads tables of a database, each by one statement and all as they were at one moment.
 *
 * A row that was read before may come again: by its watermark, or with the whole table. Whoever takes the rows compares
 * them with those that stand there. With a watermark each row is a place from which to go on, for they come in its
 * order; the mark is the largest value that the statement itself has read, so that nothing is between two statements.
 */
import { Buffer } from 'node:buffer';
import type { Commit, Header, Literal, Mark, TableMark, Value } from '../../change.ts';
import { diagnose, invariant } from '../../diagnostic/diagnostic.ts';
import { hints } from '../../diagnostic/messages.ts';
import { type Interest, wantedIn, wantedNames } from '../../interest.ts';
import type { TableFormat } from '../../mapping/format.ts';
import type { Bad, Item } from '../format/decoder.ts';
import { excerpt } from '../format/text.ts';
import { nothingOf, type Reading, type Source } from '../read.ts';
import type { Chunk, Connection } from './connection.ts';
import { type FoundTable, tablesOf } from './find.ts';
import { lookBack } from './lookback.ts';
import { openConnection } from './open.ts';
import { statementOf } from './statement.ts';

/** From one look at a database to the next, in ms, at the least. */
const BEAT = 1000;

/** Of the time, a followed database is left alone for so many times as long as a look at it takes. */
const REST = 9;

/** Reads what may be new in a source since its marks were made. Throws an EtlError. */
export async function* readTables(source: Source, marks: readonly Mark[], interest: Interest): AsyncGenerator<Reading> {
  const connection = await openConnection(source.path);
  try {
    const tables = await tablesOf(source, connection);
    for (const table of tables) {
      const mark = marks.find(({ path }) => path === table.path);
      yield* readTable(connection, table, { format: formatOf(source), mark: tableMark(mark), interest });
    }
    for (const { path } of marks) if (!tables.some((table) => table.path === path)) yield emptied(path);
  } finally {
    await connection.close();
  }
}

/** The same again and again. Null stands where that is all, for now. */
export async function* followTables(
  source: Source,
  marks: () => readonly Mark[],
  interest: Interest,
): AsyncGenerator<Reading | null> {
  for (;;) {
    const started = performance.now();
    yield* readTables(source, marks(), interest);
    const ended = performance.now();
    const due = ended + Math.max(BEAT, REST * (ended - started));
    do yield null;
    while (performance.now() < due);
  }
}

interface Task {
  readonly format: TableFormat;
  readonly mark: TableMark | null;
  readonly interest: Interest;
}

function formatOf({ format }: Source): TableFormat {
  invariant(format.kind === 'table', 'a database is read as tables');
  return format;
}

function tableMark(mark: Mark | undefined): TableMark | null {
  return mark !== undefined && 'watermark' in mark ? mark : null;
}

async function* readTable(
  connection: Connection,
  table: FoundTable,
  { format: { watermark, lookback }, mark, interest }: Task,
): AsyncGenerator<Reading> {
  const columns = wantedNames(wantedIn(interest, table.header.schema, table.header.table) ?? new Set());
  const value = mark?.watermark ?? null;
  const known = watermark === null || value === null ? null : { value, from: lookBack(value, lookback, table.path) };
  const reach = { name: table.header.table, from: table.from, columns, watermark, known };
  const sql = statementOf(reach, connection.dialect);
  // Behind the columns stands what the statement says for itself.
  const own = watermark === null ? 0 : known === null ? 1 : 2;
  let [records, reached, header]: [number, Value, Header | null] = [0, value, null];
  for await (const chunk of connection.read(sql, known ? [known.value, known.from] : [])) {
    const width = chunk.columns.length - own;
    header ??= { ...table.header, columns: chunk.columns.slice(0, width) };
    const rows = takeRows(chunk, { path: table.path, width, watermark, header, before: records, reached });
    yield { ...nothingOf(table.path), ...rows, starts: records === 0 };
    [records, reached] = [records + chunk.rows.length, rows.reached];
  }
  const last = { path: table.path, watermark: reached, records };
  const isNew = mark === null || mark.watermark !== reached || (watermark === null && mark.records !== records);
  yield { ...nothingOf(table.path), starts: records === 0, ends: true, marks: isNew ? [last] : [] };
}

/** What a chunk is part of. */
interface Around {
  readonly path: string;
  readonly header: Header;
  /** Columns in front of what the statement says for itself. */
  readonly width: number;
  readonly watermark: string | null;
  /** Rows before it, and the largest watermark up to there. */
  readonly before: number;
  readonly reached: Value;
}

function takeRows({ rows }: Chunk, { path, header, width, watermark, before, reached }: Around) {
  const items: Item[] = [];
  const marks: Value[] = [];
  const told = watermark === null ? width : width + 1;
  let last = reached;
  for (const [n, row] of rows.entries()) {
    const at = { file: path, record: before + n + 1, offset: 0, lsn: null };
    const mark = row[width] ?? null;
    if (watermark !== null && mark === null) items.push(unmarked(watermark, describe(header, row), at));
    else items.push({ op: 'insert', after: { header, values: row }, at });
    items.push({ op: 'commit', from: 0, offset: 0, records: at.record, lsn: null });
    if (mark !== null && isReached(row[width + 1])) last = storedMark(mark);
    marks.push(last);
  }
  const place = ({ records }: Commit) => records - before - 1;
  return {
    items,
    reached: last,
    raw: (commit: Commit) => Buffer.from(JSON.stringify(rows[place(commit)]?.slice(0, told))),
    mark: (commit: Commit): TableMark | null =>
      watermark === null ? null : { path, watermark: marks[place(commit)] ?? null, records: commit.records },
  };
}

/** What lies before the largest value so far was read to look back, and is not where to go on. */
function isReached(literal: Literal | undefined): boolean {
  const text = typeof literal === 'object' ? literal?.json : literal;
  return text === undefined || text === '1';
}

/** A number stays one, for SQLite compares numbers and texts otherwise. */
function storedMark(literal: Literal): Value {
  if (typeof literal !== 'object' || literal === null) return String(literal);
  return /^-?\d+$/.test(literal.json) ? BigInt(literal.json) : Number(literal.json);
}

function unmarked(column: string, row: string, at: Bad['at']): Bad {
  const data = { file: at.file, record: at.record };
  const notes = [`in row: ${row}`];
  const diagnostic = diagnose('WATERMARK_MISSING', { column }, { data, notes, hint: hints.watermarkQuery });
  return { op: 'bad', diagnostic, at, size: 0, unread: null };
}

/** A table that is gone, of those that a pattern names. */
function emptied(path: string): Reading {
  return { ...nothingOf(path), starts: true, ends: true };
}

/** The first values of a row: by its number nobody finds it in the database. */
function describe({ columns }: Header, row: readonly Literal[]): string {
  const cells = columns.slice(0, 3).map(({ name }, n) => `${name}=${excerpt(textOf(row[n] ?? null))}`);
  return cells.join(' ');
}

function textOf(literal: Literal): string {
  return typeof literal === 'object' && literal !== null ? literal.json : String(literal);
}
