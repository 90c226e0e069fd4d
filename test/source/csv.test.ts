import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CsvFormat, encodingOf } from '../../engine/mapping/format.ts';
import { openCsv } from '../../engine/source/format/csv/csv.ts';
import { runs } from '../support/counts.ts';
import { tell } from '../support/tally.ts';
import { badIn, type Decoding, decodeWith, rowsIn } from './decoding.ts';

const ENCODINGS = ['utf-8', 'utf-16', 'utf-16be', 'latin1'] as const;

function format(delimiter = ',', label = 'utf-8'): CsvFormat {
  const encoding = encodingOf(label);
  if (!encoding) throw new Error(`${label} is no encoding`);
  return { kind: 'csv', delimiter, encoding };
}

function decode(text: string | Buffer, decoding: Decoding = {}, written = format()) {
  return decodeWith((opening) => openCsv(opening, written), Buffer.from(text as string), decoding);
}

type Cell = string | null;

interface Sheet {
  readonly names: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  readonly delimiter: string;
  readonly encoding: (typeof ENCODINGS)[number];
  /** Used in turn: whether a cell that needs no quotes has them, and which line end follows a row. */
  readonly quoted: readonly boolean[];
  readonly ends: readonly string[];
  readonly lastEnd: boolean;
  readonly mark: boolean;
}

const sheets: fc.Arbitrary<Sheet> = fc
  .tuple(fc.constantFrom(...ENCODINGS), fc.integer({ min: 1, max: 4 }))
  .chain(([encoding, width]) => {
    const character =
      encoding === 'latin1'
        ? fc
            .oneof(fc.integer({ min: 1, max: 127 }), fc.integer({ min: 160, max: 255 }))
            .map((code) => String.fromCharCode(code))
        : fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).filter((one) => one !== '\0');
    const odd = fc.constantFrom('"', ',', ';', '\t', '|', '\n', '\r', '\r\n', '""', ' ', 'x', '0');
    const cell = fc.array(fc.oneof(odd, character), { maxLength: 6 }).map((parts) => parts.join(''));
    const names = fc.uniqueArray(
      cell.filter((name) => name !== '' && !name.includes('\r') && !name.startsWith('\ufeff')),
      { minLength: width, maxLength: width },
    );
    const row = fc.array(fc.option(cell), { minLength: width, maxLength: width });
    return fc.record({
      names,
      rows: fc.array(row, { maxLength: 12 }),
      delimiter: fc.constantFrom(',', ';', '\t', '|', ...(encoding === 'latin1' ? [] : ['§'])),
      encoding: fc.constant(encoding),
      quoted: fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }),
      ends: fc.array(fc.constantFrom('\n', '\r\n'), { minLength: 1, maxLength: 3 }),
      lastEnd: fc.boolean(),
      mark: fc.boolean(),
    });
  });

/** Written from the description of the format alone. */
function write({ names, rows, delimiter, quoted, ends, lastEnd, mark, encoding }: Sheet): Buffer {
  let turn = 0;
  const cell = (value: Cell): string => {
    if (value === null) return '';
    const needed = value === '' || [delimiter, '"', '\n', '\r'].some((each) => value.includes(each));
    return needed || quoted[turn++ % quoted.length] ? `"${value.replaceAll('"', '""')}"` : value;
  };
  const lines = [names, ...rows].map((row) => row.map(cell).join(delimiter));
  // An empty line at the end is none where nothing ends it.
  const isEnded = lastEnd || lines.at(-1) === '';
  const ended = lines.map((line, n) => line + (n < lines.length - 1 || isEnded ? ends[n % ends.length] : ''));
  return encode((mark && encoding !== 'latin1' ? '\ufeff' : '') + ended.join(''), encoding);
}

function encode(text: string, encoding: Sheet['encoding']): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text);
  if (encoding === 'latin1') return Buffer.from(text, 'latin1');
  const bytes = Buffer.from(text, 'utf16le');
  return encoding === 'utf-16' ? bytes : bytes.swap16();
}

const cuts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 12 });

describe('rows that are written as csv', () => {
  test('are read back exactly, however they are quoted, encoded and cut', async () => {
    await fc.assert(
      fc.asyncProperty(sheets, cuts, async (sheet, lengths) => {
        const written = format(sheet.delimiter, sheet.encoding);
        const bytes = write(sheet);
        const whole = await decode(bytes, {}, written);
        expect(whole.error).toBeNull();
        expect(rowsIn(whole.items)).toEqual(
          sheet.rows.map((row) => Object.fromEntries(sheet.names.map((name, n) => [name, row[n]]))),
        );
        expect(await decode(bytes, { lengths }, written)).toEqual(whole);
        tell('csv files read back');
      }),
      { numRuns: runs(300, 10_000) },
    );
  });

  test('are read on behind each record as if there had been no stop', async () => {
    await fc.assert(
      fc.asyncProperty(sheets, cuts, async (sheet, lengths) => {
        const written = format(sheet.delimiter, sheet.encoding);
        const bytes = write(sheet);
        const { items, starts } = await decode(bytes, {}, written);
        for (const [n, start] of starts.entries()) {
          const rest = await decode(bytes, { lengths, start }, written);
          expect(rest.error).toBeNull();
          expect(rest.items).toEqual(items.slice(2 * (n + 1)));
        }
      }),
      { numRuns: runs(100, 5_000) },
    );
  });
});

describe('a field', () => {
  test('is NULL where it is empty, and a text where it is quoted and empty', async () => {
    const { items } = await decode('a,b,c\n,"",x\n');
    expect(rowsIn(items)).toEqual([{ a: null, b: '', c: 'x' }]);
  });

  test('keeps blanks and digits as they are written', async () => {
    const { items } = await decode('a,b\n 1 ,0012345678901234567890.10\n');
    expect(rowsIn(items)).toEqual([{ a: ' 1 ', b: '0012345678901234567890.10' }]);
  });
});

describe('a record that can not be taken', () => {
  test('has too few or too many fields; those around it are taken', async () => {
    const { items, error } = await decode('a,b\n1,2\n3\n4,5,6\n7,8\n');
    expect(error).toBeNull();
    expect(badIn(items)).toEqual(['FIELD_COUNT 2 8+2', 'FIELD_COUNT 3 10+6']);
    expect(rowsIn(items)).toEqual([
      { a: '1', b: '2' },
      { a: '7', b: '8' },
    ]);
  });

  test('is not written in the encoding that the source says', async () => {
    const { items } = await decode(Buffer.from('a,b\n1,é\n2,ü\n3,x\n', 'latin1'));
    expect(badIn(items)).toEqual(['NOT_ENCODED 1 4+4', 'NOT_ENCODED 2 8+4']);
    expect(rowsIn(items)).toEqual([{ a: '3', b: 'x' }]);
  });

  test.each([
    ['a quote inside of a field', 'a,b\n1,2\n3,4" x\n5,6\n'],
    ['a quote inside of a field that another one seems to close', 'a,b\n1,2\n3,4" x\n5,6" y\n7,8\n'],
    ['something behind a closing quote', 'a,b\n1,2\n3,"4"x\n5,6\n'],
  ])('has %s: where the next record starts is not certain', async (_, text) => {
    const { items, error } = await decode(text);
    expect(rowsIn(items)).toEqual([{ a: '1', b: '2' }]);
    expect(error).toMatchObject({ code: 'NOT_CSV', data: { record: 2, offset: 8 } });
  });
});

describe('the end of a file', () => {
  test('may lack its line end, but where somebody is writing', async () => {
    expect(rowsIn((await decode('a\n1\n2')).items)).toEqual([{ a: '1' }, { a: '2' }]);
    const { items, error } = await decode('a\n1\n2', { grows: true });
    expect(rowsIn(items)).toEqual([{ a: '1' }]);
    expect(error).toMatchObject({ code: 'TRUNCATED_INPUT', data: { record: 2, offset: 4 } });
  });

  test('may not stand in quotes, nor inside of a character', async () => {
    expect((await decode('a\n"1\n2')).error).toMatchObject({ code: 'TRUNCATED_INPUT', data: { record: 1, offset: 2 } });
    const cut = encode('a\n1\n', 'utf-16').subarray(0, -1);
    expect((await decode(cut, {}, format(',', 'utf-16'))).error?.code).toBe('TRUNCATED_INPUT');
  });

  test('may have empty lines', async () => {
    expect(rowsIn((await decode('\na,b\n\n1,2\n\r\n\n')).items)).toEqual([{ a: '1', b: '2' }]);
  });
});

describe('a header', () => {
  test('with lines of a classic Mac is refused, for all of the file would be its header', async () => {
    expect((await decode('a,b\r1,2\r3,4\r')).error?.code).toBe('NOT_CSV');
  });

  test('alone is a file without rows', async () => {
    expect(await decode('a,b\n')).toEqual({ items: [], starts: [], error: null });
    expect(await decode('a,b')).toEqual({ items: [], starts: [], error: null });
  });

  test('is still to come where there is nothing', async () => {
    for (const nothing of ['', '\n\n', '\ufeff'])
      expect((await decode(nothing)).error).toMatchObject({ code: 'TRUNCATED_INPUT', message: /before its header/ });
  });

  test('without any of the columns that are read is that of another file, or cut at another delimiter', async () => {
    const interest = [{ schema: null, tables: ['*'], columns: new Set(['a', 'b']) }];
    expect((await decode('a;b\n1;2\n', { interest })).error?.code).toBe('HEADER_UNRELATED');
    expect((await decode('c,b\n1,2\n', { interest })).error).toBeNull();
  });

  test('may have columns without a name, which nobody can read', async () => {
    expect(rowsIn((await decode('a,,\n1,2,3\n')).items)).toEqual([{ a: '1' }]);
  });
});
