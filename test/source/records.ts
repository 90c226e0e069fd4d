/** Random logs of version 1: the text, and what must be read from it, told without the reader's help. */
import fc from 'fast-check';
import type { Literal } from '../../engine/change.ts';

/** A transaction: for each change its table, and its columns with the JSON that is written for each value. */
export type Transaction = readonly { readonly table: string; readonly row: readonly (readonly [string, string])[] }[];

const name = fc.oneof(
  fc.constantFrom('__proto__', 'id', 'a.b', 'change', '"', '\\\\', 'é', '\u{1f600}'),
  fc.string({ unit: 'binary', maxLength: 5 }),
);
const number = fc.constantFrom('0', '-0', '1.10', '9007199254740993', '12345678901234.5678', '1e400', '-1E-7');
const text = fc.string({ unit: 'binary' }).map((value) => JSON.stringify(value));
const tricky = fc.constantFrom(
  '"]}"',
  '"{\\"change\\": ["',
  '"\\\\"',
  '"\\\\\\""',
  '"\\u0022"',
  '"{[}"',
  'null',
  'true',
  'false',
);
const value = fc.oneof(number, text, tricky, fc.json());
const row = fc.array(fc.tuple(name, value), { maxLength: 4 });

export const logs: fc.Arbitrary<readonly Transaction[]> = fc.array(
  fc.array(fc.record({ table: name, row }), { maxLength: 3 }),
  { maxLength: 4 },
);

const space = fc.constantFrom('', ' ', '\n', '\r\n', '\t', ' \n ');

/** How a log is written: white space between tokens, and one array or records one after another. */
export const styles = fc.record({ space, between: space, array: fc.boolean(), bom: fc.boolean(), extra: fc.boolean() });
export type Style = typeof styles extends fc.Arbitrary<infer T> ? T : never;

export function write(log: readonly Transaction[], style: Style): string {
  const records = log.map((transaction) => writeTransaction(transaction, style));
  const { bom, array, between } = style;
  const body = array
    ? `${between}[${between}${records.join(`${between},${between}`)}${between}]`
    : records.join(between);
  return `${bom ? '\ufeff' : ''}${body}${between}`;
}

function writeTransaction(transaction: Transaction, { space, extra }: Style): string {
  const list = (all: readonly string[]) => `[${space}${all.join(`${space},${space}`)}${space}]`;
  const object = (all: readonly (readonly [string, string])[]) =>
    `{${space}${all.map(([key, value]) => `"${key}"${space}:${space}${value}`).join(`${space},${space}`)}${space}}`;
  const changes = transaction.map(({ table, row }) =>
    object([
      ['kind', '"insert"'],
      ['table', JSON.stringify(table)],
      ['columnnames', list(row.map(([column]) => JSON.stringify(column)))],
      ['columnvalues', list(row.map(([, json]) => json))],
    ]),
  );
  const around: [string, string][] = extra
    ? [
        ['xid', '1'],
        ['x', '{"change":[{"a":[]}],"b":"\\"change\\":["}'],
      ]
    : [];
  return object([...around, ['change', list(changes)], ...around]);
}

/** The changes as the reader must tell them. */
export function expected(log: readonly Transaction[]): readonly unknown[] {
  return log.flatMap((transaction) => [
    ...transaction.map(({ table, row }) => ({
      table,
      names: row.map(([column]) => column),
      values: row.map(([, json]) => literal(json)),
    })),
    'commit',
  ]);
}

function literal(json: string): Literal {
  const value: unknown = JSON.parse(json);
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  return { json: json.trim() };
}
