/**
 * The fast way through a log against the careful one: the same items, findings and places, whatever the log holds; and so
 * they arrive in another thread.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Interest } from '../../engine/interest.ts';
import { Packer } from '../../engine/source/decode/packer.ts';
import { Unpacker } from '../../engine/source/decode/unpacker.ts';
import { FROM_THE_START, type Item } from '../../engine/source/format/decoder.ts';
import { type Matcher, openMatcher } from '../../engine/source/format/wal2json/matcher.ts';
import { MOST_PATTERNS } from '../../engine/source/format/wal2json/pattern.ts';
import { Templates } from '../../engine/source/format/wal2json/template.ts';
import * as log from '../log/log.ts';
import { randomHistory } from '../oracle/random.ts';
import { runs } from '../support/counts.ts';
import { tell } from '../support/tally.ts';
import { histories, manners, write } from './generate.ts';
import { mutate, mutations } from './mutate.ts';
import { columns, decodeOn, everything } from './reading.ts';

const FOLDERS = ['test/source/captured', '../shared/examples/wal2json', '../shared/data'];

/** Counts how often it was of use; and looks at many bytes at a time, and at each, which is to find the same. */
class Counting extends Templates {
  matches = 0;

  constructor() {
    super(MOST_PATTERNS, watchedMatcher);
  }

  override match(bytes: Buffer, at: number): number {
    const end = super.match(bytes, at);
    if (end >= 0) this.matches++;
    return end;
  }
}

function watchedMatcher(): Matcher {
  const [wide, plain] = [openMatcher(), openMatcher(null)];
  return {
    know(patterns) {
      for (const matcher of [wide, plain]) matcher.know(patterns);
    },
    take(bytes) {
      for (const matcher of [wide, plain]) matcher.take(bytes);
    },
    match(pattern, start, places) {
      const others = places.slice();
      const end = wide.match(pattern, start, places);
      expect(end).toBe(plain.match(pattern, start, others));
      if (end >= 0) expect(places.subarray(0, pattern.places)).toEqual(others.subarray(0, pattern.places));
      return end;
    },
  };
}

/** Reads both ways, and gives how many changes went the fast one. */
function compared(bytes: Buffer, lengths: readonly number[] = [], interest: Interest = everything): number {
  const careful = decodeOn(bytes, lengths, interest, FROM_THE_START, new Templates(0));
  const [whole, cut] = [new Counting(), new Counting()];
  expect(decodeOn(bytes, lengths, interest, FROM_THE_START, whole)).toEqual(careful);
  // What was learned in one stretch is known in the next.
  const thirds = lengths.length > 0 ? lengths : [Math.ceil(bytes.length / 3)];
  expect(decodeOn(bytes, thirds, interest, FROM_THE_START, cut)).toEqual(careful);
  expect(handedOver(careful.items)).toEqual(careful.items);
  return whole.matches;
}

/** As another thread gets them, in two pieces. */
function handedOver(items: readonly Item[]): readonly Item[] {
  const [packer, unpacker, half] = [new Packer(), new Unpacker('log'), Math.ceil(items.length / 2)];
  const over = (some: readonly Item[]) => unpacker.unpack(structuredClone(packer.pack(some)));
  return [items.slice(0, half), items.slice(half)].flatMap(over);
}

/** In any manner of writing; and as wal2json writes, which repeats itself: that is what the fast way lives on. */
const logs = fc
  .oneof(
    fc.tuple(histories, manners).map(([history, manner]) => write([...history, ...history], manner)),
    fc
      .tuple(randomHistory, fc.constantFrom(log.asLines, log.asArray, log.asLineArray))
      .map(([history, layout]) => layout(history.log.flat())),
  )
  .map((text) => Buffer.from(text));

describe('the fast way reads what the careful one reads', () => {
  test('of any log, wherever it is cut', () => {
    let matches = 0;
    fc.assert(
      fc.property(logs, fc.array(fc.integer({ min: 100, max: 5000 }), { maxLength: 3 }), (bytes, lengths) => {
        matches += compared(bytes, lengths);
      }),
      { numRuns: runs(300, 5_000) },
    );
    expect(matches).toBeGreaterThan(runs(300, 5_000));
    tell('changes read both ways', matches);
  });

  test('of any log that was tampered with', () => {
    const spoiled = fc.array(mutations, { minLength: 1, maxLength: 3 });
    let matches = 0;
    fc.assert(
      fc.property(logs, spoiled, (original, all) => {
        fc.pre(original.length > 2);
        const bytes = all.reduce<Buffer>((from, each) => (from.length === 0 ? from : mutate(from, each)), original);
        matches += compared(bytes);
      }),
      { numRuns: runs(500, 15_000) },
    );
    tell('changes read both ways', matches);
  });

  const odd = [
    '01',
    '-',
    '-01',
    '1.',
    '.5',
    '+1',
    '1e',
    '1e+',
    '1E5',
    '-0',
    '1.50e-7',
    '1 2',
    '0x1',
    'NaN',
    '[1]',
    '{"a":1}',
  ]
    .concat([
      'nul',
      'nulll',
      'True',
      'truefalse',
      '"',
      '"a',
      '"a""',
      "'a'",
      '"\\x"',
      '"\\u12G4"',
      '"\\u123',
      '"\\ud83e"',
      '"\\uD83E\\uDd8a"',
      '"\\udd8a\\ud83e"',
      '"\\ud83e\\ud83e"',
      '"\\udd8a\\udd8a"',
      '"\\ud83ex"',
      '"\\ud7ff\\uE000"',
    ])
    .concat(['"\u0001"', '"\n"', '"\u007f"', '"\\"', '"a\\"', ' 1', '1 ', '\t"a"\r\n', '', ',', ']']);
  const spoilt = [
    ...odd.map((value) => Buffer.from(value)),
    Buffer.from([0x22, 0xff, 0x22]),
    Buffer.from([0x22, 0xc5, 0x22]),
  ];

  test.each(spoilt)('of any value, wanted or not: %s', (value) => {
    const [head, tail] = log
      .insert('t', [
        ['id', 'integer', 1],
        ['x', 'text', 'VALUE'],
        ['z', 'text', 'z'],
      ])
      .split('"VALUE"');
    const record = (it: Buffer) => Buffer.concat([Buffer.from(head ?? ''), it, Buffer.from(`${tail}\n`)]);
    const bytes = Buffer.concat([Buffer.from('"a"'), value, Buffer.from('null'), value].map(record));
    compared(bytes);
    compared(bytes, [], columns({ t: ['z'] }));
    compared(bytes, [], columns({}));
  });

  const special = [
    '"',
    '\\"',
    '\\\\',
    '\\x',
    '\\u00e9',
    '\\u00g9',
    '\\ud83e\\udd8a',
    '\\ud83ex',
    '\u0001',
    '\u001f',
    ' ',
    'é',
    '🦊',
  ];

  test.each(special)('of a text that %s stands in, wherever it does', (it) => {
    const places = Array.from({ length: 36 }, (_, place) => place);
    const texts = places.map((place) => `"${'x'.repeat(place)}${it}${'y'.repeat(36 - place)}"`);
    const [head, tail] = log.insert('t', [['x', 'text', 'VALUE']]).split('"VALUE"');
    compared(Buffer.from(['"a"', '"b"', ...texts].map((text) => `${head}${text}${tail}\n`).join('')));
  });

  test('of more tables than there are templates', () => {
    const tables = Array.from({ length: 150 }, (_, n) => `table_${n}`);
    const [id, name] = [1, 'x'.repeat(300)];
    const round = tables.map((table) =>
      log.insert(table, [
        ['id', 'integer', id],
        [name, 'text', name],
      ]),
    );
    expect(
      compared(Buffer.from(log.asLines([...round, ...round, ...round.slice(0, 50), ...round.slice(20, 50)]))),
    ).toBe(30);
  });

  test('of every capture', () => {
    const files = FOLDERS.filter(existsSync).flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((each) => each.isFile() && /json$|txt$/.test(each.name))
        .map((each) => `${each.parentPath}/${each.name}`),
    );
    expect(files.length).toBeGreaterThan(4);
    for (const file of files) tell('changes read both ways', compared(readFileSync(file)));
  });
});

describe('the fast way is taken', () => {
  const row = (id: number, name: string): log.LoggedRow => [
    ['id', 'integer', id],
    ['name', 'text', name],
  ];
  const old: log.LoggedRow = [['id', 'integer', 1]];
  const alike: Record<string, readonly string[]> = {
    inserts: [1, 2, 3, 4].map((id) => log.insert('t', row(id, 'x'))),
    'escapes and letters beyond ASCII': ['\\"', '\n\u0007', 'Łódź 🦊', ''].map((name) => log.insert('t', row(1, name))),
    updates: ['a', 'b', 'c', 'd'].map((name) => log.update('t', old, row(1, name))),
    'updates with whole old rows': ['a', 'b', 'c', 'd'].map((name) => log.update('t', row(1, 'x'), row(1, name))),
    deletes: [1, 2, 3, 4].map((id) => log.remove('t', [['id', 'integer', id]])),
    'transactions of several changes': Array.from({ length: 4 }, (_, id) =>
      log.transaction([log.inserted('t', row(id, 'x')), log.removed('t', old)]),
    ),
    'records with an LSN each': Array.from({ length: 4 }, (_, id) =>
      log.transaction([log.inserted('t', row(id, 'x'))], `0/${id + 1}`),
    ),
  };

  test.each(Object.entries(alike))('for %s, from the second one on', (_, records) => {
    const changes = records.join('').match(/"kind"/g)?.length ?? 0;
    for (const text of [log.asLines(records), log.asArray(records), log.asLineArray(records)])
      expect(compared(Buffer.from(text))).toBe((changes * 3) / 4);
  });

  test('for columns in use and for tables that nobody reads', () => {
    const records = [1, 2, 3].flatMap((id) => [log.insert('t', row(id, 'x')), log.insert('u', row(id, 'x'))]);
    expect(compared(Buffer.from(log.asLines(records)), [], columns({ t: ['name'] }))).toBe(4);
  });
});
