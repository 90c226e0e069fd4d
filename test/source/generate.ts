/**
 * Random logs of every kind of change, and the ways to write one: what is said is drawn apart from how it is written, so
 * that it is known what must be read, whatever the version, the order of members, white space, escapes and metadata.
 */
import fc from 'fast-check';
import type { Literal } from '../../engine/change.ts';
import { typeOf } from '../../engine/source/format/wal2json/type.ts';
import type { Told, ToldRow } from './told.ts';

type Row = readonly { readonly name: string; readonly type: string; readonly json: string }[];

interface Place {
  readonly schema: string | null;
  readonly table: string;
}

export type LoggedChange = Place &
  (
    | { readonly op: 'insert'; readonly after: Row }
    | { readonly op: 'update'; readonly before: Row | null; readonly after: Row }
    | { readonly op: 'delete'; readonly before: Row }
    | { readonly op: 'truncate' }
    | { readonly op: 'message' }
  );

export interface LoggedTransaction {
  readonly changes: readonly LoggedChange[];
  readonly lsn: string | null;
}

const name = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'id', 'a.b', 'change', 'columns', 'value', '"', '\\\\', 'é', '\u{1f600}'),
  fc.string({ unit: 'grapheme', maxLength: 5 }),
);
const type = fc.constantFrom('integer', 'numeric(10,2)', 'text', 'jsonb', 'character(3)', 'public."Mood"', 'integer[]');
const json = fc.oneof(
  fc.constantFrom(
    '0',
    '-0',
    '1.10',
    '9007199254740993',
    '1e400',
    'null',
    'true',
    'false',
    '"]}"',
    '"\\\\\\""',
    '{"a":[]}',
  ),
  fc.string({ unit: 'grapheme', maxLength: 9 }).map((text) => JSON.stringify(text)),
);
const row: fc.Arbitrary<Row> = fc.uniqueArray(fc.record({ name, type, json }), {
  selector: (column) => column.name,
  maxLength: 4,
});
const place = { schema: fc.option(name), table: name };

const change: fc.Arbitrary<LoggedChange> = fc.oneof(
  fc.record({ op: fc.constant('insert' as const), ...place, after: row }),
  fc.record({ op: fc.constant('update' as const), ...place, before: fc.option(row), after: row }),
  fc.record({ op: fc.constant('delete' as const), ...place, before: row }),
  fc.record({ op: fc.constant('truncate' as const), ...place }),
  fc.record({ op: fc.constant('message' as const), ...place }),
);

const lsn = fc.option(
  fc.tuple(fc.nat(0xffff), fc.nat()).map((halves) => halves.map((half) => half.toString(16)).join('/')),
);

export const histories: fc.Arbitrary<readonly LoggedTransaction[]> = fc.array(
  fc.record({ changes: fc.array(change, { maxLength: 4 }), lsn }),
  { maxLength: 4 },
);

const space = fc.constantFrom('', ' ', '\n', '\r\n', '\t', ' \n ');

/** How a log is written. `seed` draws the order of members, and which characters are escaped. */
export const manners = fc.record({
  version: fc.constantFrom(1 as const, 2 as const),
  transactions: fc.boolean(),
  array: fc.boolean(),
  bom: fc.boolean(),
  metadata: fc.boolean(),
  types: fc.boolean(),
  shuffled: fc.boolean(),
  escaped: fc.boolean(),
  space,
  between: space,
  seed: fc.nat(),
});
export type Manner = typeof manners extends fc.Arbitrary<infer T> ? T : never;

type Node = string | { readonly list: readonly Node[] } | { readonly members: readonly (readonly [string, Node])[] };

export function write(history: readonly LoggedTransaction[], manner: Manner): string {
  const { version, array, between, bom } = manner;
  const records = history.flatMap((each) => (version === 1 ? [version1(each, manner)] : version2(each, manner)));
  const draw = drawing(manner.seed);
  const texts = records.map((record) => print(record, manner, draw));
  const text = array ? `${between}[${between}${texts.join(`${between},${between}`)}${between}]` : texts.join(between);
  return `${bom ? '\ufeff' : ''}${text}${between}`;
}

const string = (text: string): Node => JSON.stringify(text);
const list = (nodes: readonly Node[]): Node => ({ list: nodes });
const members = (all: readonly (readonly [string, Node | null])[]): Node => ({
  members: all.flatMap(([key, node]) => (node === null ? [] : [[key, node] as const])),
});
const placeOf = ({ schema, table }: Place): readonly (readonly [string, Node | null])[] => [
  ['schema', schema === null ? null : string(schema)],
  ['table', string(table)],
];

function version1({ changes, lsn }: LoggedTransaction, { metadata, types }: Manner): Node {
  const rowOf = (of: 'column' | 'key', row: Row): readonly (readonly [string, Node | null])[] => [
    [`${of}names`, list(row.map((column) => string(column.name)))],
    [`${of}types`, types ? list(row.map((column) => string(column.type))) : null],
    [`${of}optionals`, metadata ? list(row.map(() => 'false')) : null],
    [`${of}values`, list(row.map((column) => column.json))],
  ];
  const changeOf = (each: LoggedChange): Node =>
    members([
      ['kind', string(each.op)],
      ...(each.op === 'message' ? [['transactional', 'true'] as const] : placeOf(each)),
      ...('after' in each ? rowOf('column', each.after) : []),
      ['oldkeys', 'before' in each && each.before ? members(rowOf('key', each.before)) : null],
      [
        'pk',
        metadata
          ? members([
              ['pknames', list(['"id"'])],
              ['pktypes', list(['"integer"'])],
            ])
          : null,
      ],
    ]);
  return members([
    ['xid', metadata ? '7' : null],
    ['nextlsn', lsn && string(lsn)],
    ['change', list(changes.filter(({ op }) => op !== 'truncate').map(changeOf))],
    ['timestamp', metadata ? members([['change', list([members([['kind', '"no change"']])])]]) : null],
  ]);
}

function version2({ changes, lsn }: LoggedTransaction, { metadata, types, transactions }: Manner): readonly Node[] {
  const rowOf = (row: Row): Node =>
    list(
      row.map((column) =>
        members([
          ['name', string(column.name)],
          ['type', types ? string(column.type) : null],
          ['typeoid', metadata ? '23' : null],
          ['value', column.json],
          ['default', metadata ? 'null' : null],
        ]),
      ),
    );
  const recordOf = (each: LoggedChange): Node =>
    members([
      ['action', string({ insert: 'I', update: 'U', delete: 'D', truncate: 'T', message: 'M' }[each.op])],
      ['lsn', metadata ? '"0/1"' : null],
      ...(each.op === 'message' ? [['content', '"x"'] as const] : placeOf(each)),
      ['columns', 'after' in each ? rowOf(each.after) : null],
      ['identity', 'before' in each && each.before ? rowOf(each.before) : null],
      [
        'pk',
        metadata
          ? list([
              members([
                ['name', '"id"'],
                ['type', '"integer"'],
              ]),
            ])
          : null,
      ],
    ]);
  const end = (action: string): Node =>
    members([
      ['action', string(action)],
      ['nextlsn', lsn && string(lsn)],
    ]);
  const records = changes.map(recordOf);
  return transactions ? [end('B'), ...records, end('C')] : records;
}

/** Numbers below a bound, one after another, from a seed. */
function drawing(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % below;
  };
}

function print(node: Node, manner: Manner, draw: (below: number) => number): string {
  const { space, escaped, shuffled } = manner;
  const around = (open: string, parts: readonly string[], close: string): string =>
    `${open}${space}${parts.join(`${space},${space}`)}${space}${close}`;
  if (typeof node === 'string') return escaped && node.startsWith('"') ? withEscapes(node, draw) : node;
  if ('list' in node)
    return around(
      '[',
      node.list.map((each) => print(each, manner, draw)),
      ']',
    );
  const parts = node.members.map(([key, value]) => `"${key}"${space}:${space}${print(value, manner, draw)}`);
  return around('{', shuffled ? shuffle(parts, draw) : parts, '}');
}

function shuffle(parts: readonly string[], draw: (below: number) => number): readonly string[] {
  const left = [...parts];
  return parts.map(() => left.splice(draw(left.length), 1)[0] ?? '');
}

/** The same string with some of its characters written as \uXXXX. */
function withEscapes(written: string, draw: (below: number) => number): string {
  const units = (JSON.parse(written) as string).split('');
  const parts = units.map((unit) =>
    draw(3) === 0 ? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}` : JSON.stringify(unit).slice(1, -1),
  );
  // A lone half of a pair is escaped by JSON.stringify, so that halves written apart are still one character.
  return `"${parts.join('')}"`;
}

/** What must be read: changes and commits, in order. */
export function expected(history: readonly LoggedTransaction[], manner: Manner): readonly unknown[] {
  const { version, transactions } = manner;
  return history.flatMap(({ changes, lsn }) => {
    const whole = version === 1 || transactions;
    const logged = changes.filter(({ op }) => version === 2 || op !== 'truncate');
    const told = logged.map((change) => (change.op === 'message' ? [] : [toldOf(change, manner)]));
    if (!whole) return told.flatMap((each) => [...each, { commit: null }]);
    return [...told.flat(), { commit: lsn === null ? null : lsnOf(lsn) }];
  });
}

function lsnOf(text: string): bigint {
  const [high = '0', low = '0'] = text.split('/');
  return BigInt(`0x${high}`) * 2n ** 32n + BigInt(`0x${low}`);
}

function toldOf(change: Exclude<LoggedChange, { op: 'message' }>, { types }: Manner): Told {
  const { op, schema, table } = change;
  const rowOf = (row: Row): ToldRow =>
    row.map(({ name, type, json }) => [name, types ? typeOf(type) : null, literalOf(json)]);
  return {
    op,
    schema,
    table,
    ...('before' in change && { before: change.before && rowOf(change.before) }),
    ...('after' in change && { after: rowOf(change.after) }),
  };
}

function literalOf(json: string): Literal {
  const value: unknown = JSON.parse(json);
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  return { json };
}
