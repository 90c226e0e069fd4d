/** What a real wal2json wrote, in every form it has. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FROM_THE_START, type Item } from '../../engine/source/format/decoder.ts';
import { decode, decodeOn } from './reading.ts';
import { changesOf, isChange, judged, type Told, tell, withoutNulls } from './told.ts';

const SHARED = '../shared/examples/wal2json';
const OWN = 'test/source/captured';

/** Changes with the ends of their transactions, without what only some forms tell. */
function outline(items: readonly Item[]): readonly unknown[] {
  return items.map((item) => (isChange(item) ? withoutNulls(tell(item)) : item.op));
}

describe.each(
  existsSync(SHARED) ? readdirSync(SHARED, { withFileTypes: true }).filter((each) => each.isDirectory()) : [],
)('each form of the case $name', ({ name }) => {
  const folder = `${SHARED}/${name}`;
  const forms = readdirSync(folder).filter((file) => /^v[12]/.test(file));
  const bytesOf = (file: string): Buffer => readFileSync(`${folder}/${file}`);

  test('is read as an independent reader reads it', () => {
    for (const file of forms) {
      const { items, error } = decode(bytesOf(file), [1000]);
      expect(error, file).toBeNull();
      expect(changesOf(items), file).toEqual(judged(bytesOf(file).toString()));
    }
  });

  test('says the same changes, and the same transactions where it has them', () => {
    const seen = forms.map((file) => ({ file, items: decode(bytesOf(file), []).items }));
    expect(seen.length).toBeGreaterThan(4);
    const [first = { items: [] }] = seen;
    for (const { file, items } of seen) {
      expect(changesOf(items).map(withoutNulls), file).toEqual(changesOf(first.items).map(withoutNulls));
      if (!file.includes('notx')) expect(outline(items), file).toEqual(outline(first.items));
    }
  });

  test('goes on behind each of its commits', () => {
    for (const file of forms) {
      const bytes = bytesOf(file);
      const { items, shape } = decode(bytes, []);
      const commits = items.flatMap((item, index) => (item.op === 'commit' ? [{ ...item, index }] : []));
      for (const { offset, records, index } of commits.filter((_, n) => n % 5 === 0)) {
        const rest = decode(bytes, [1 << 14], undefined, { bytes: offset, records, shape });
        expect(outline(rest.items), file).toEqual(outline(items.slice(index + 1)));
        expect(rest.items.at(-1), file).toEqual(items.at(index + 1) === undefined ? undefined : items.at(-1));
      }
    }
  });

  test('is the same wherever its bytes are cut', () => {
    for (const file of forms) {
      const bytes = bytesOf(file).subarray(0, 30_000);
      expect(decodeOn(bytes, [1]), file).toEqual(decodeOn(bytes, []));
      expect(decodeOn(bytes, [997, 13]), file).toEqual(decodeOn(bytes, []));
    }
  });
});

test('the cases of real logs are there', ({ skip }) => {
  if (!existsSync(SHARED)) skip(`${SHARED} is not there`);
});

/** A capture of `captured/workload.sql`. */
function own(form: string): ReturnType<typeof decodeOn> {
  return decodeOn(readFileSync(`${OWN}/${form}`), [4096], undefined, FROM_THE_START);
}

describe('each kind of table and change', () => {
  test.each(['v1.ndjson', 'v1_meta.ndjson', 'v1_chunks.txt', 'v2.ndjson', 'v2_meta.ndjson', 'v2_notx.ndjson'])(
    '%s is read to its end, but for what wal2json wrote that is no JSON',
    async (form) => {
      const { items, error } = own(form);
      expect(error).toBeNull();
      await expect(`${items.map(line).join('\n')}\n`).toMatchFileSnapshot(`captured/${form}.txt`);
    },
  );

  test('both versions say the same, but for truncates and the comma before a message', () => {
    const kept = (form: string): readonly unknown[] =>
      own(form).items.flatMap((item): readonly unknown[] => {
        if (item.op === 'bad') return item.diagnostic.code === 'BARE_TYPE' ? ['bad'] : [];
        return item.op === 'truncate' ? [] : outline([item]);
      });
    for (const form of ['v1_chunks.txt', 'v2.ndjson']) expect(kept(form)).toEqual(kept('v1.ndjson'));
    // With the type below a domain, version 2 writes the value as that of the domain: as a string.
    const asText = (form: string): string => JSON.stringify(kept(form)).replace(/\{"json":"([^"]*)"\}/g, '"$1"');
    expect(asText('v2_meta.ndjson')).toEqual(asText('v1_meta.ndjson'));
  });

  test('each commit has the same LSN in both versions', () => {
    const lsns = (form: string): readonly unknown[] =>
      own(form).items.flatMap((item) => (item.op === 'commit' ? [item.lsn] : []));
    expect(lsns('v2_meta.ndjson')).toEqual(lsns('v1_meta.ndjson'));
    expect(lsns('v1_chunks.txt')).toEqual(lsns('v1_meta.ndjson'));
    expect(lsns('v1.ndjson').every((lsn) => lsn === null)).toBe(true);
  });
});

function line(item: Item): string {
  if (item.op === 'commit') return 'commit';
  if (item.op === 'bad') return `bad     #${item.at.record} ${item.diagnostic.code}`;
  const told = tell(item);
  const missing = 'before' in item && item.before ? ` (others ${item.before.missing})` : '';
  const before = told.before ? ` [${row(told.before)}]${missing}` : '';
  const after = told.after ? `${told.before === undefined ? ' ' : ' -> '}${row(told.after)}` : '';
  return `${told.op.padEnd(8)}#${item.at.record} ${told.schema}.${told.table}${before}${after}`;
}

function row(told: NonNullable<Told['after']>): string {
  return told.map(([name, type, value]) => `${name}:${type}=${shown(value)}`).join(' ');
}

function shown(value: NonNullable<Told['after']>[number][2]): string {
  if (typeof value === 'object' && value !== null) return value.json;
  return JSON.stringify(value).replace(/^(.{30}).{30,}$/, '$1..."');
}
