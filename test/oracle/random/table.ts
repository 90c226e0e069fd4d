import { digits, type LoggedColumn, type LoggedValue } from '../../log/log.ts';
import { type Draw, pickSeveral } from './draw.ts';

/** Values of one family can meet in a join. */
export type Family = 'number' | 'text' | 'uuid' | 'boolean' | 'time' | 'double' | 'json';

export interface Kind {
  readonly type: string;
  readonly family: Family;
  /** Few, so that rows find each other; some are equal though written otherwise. */
  readonly values: readonly LoggedValue[];
}

export interface RandomColumn {
  readonly name: string;
  readonly kind: Kind;
}

export interface RandomTable {
  readonly name: string;
  /** The first is a number, the second a text: what any two tables can be joined by. */
  readonly columns: readonly RandomColumn[];
  /** Empty where the table has no key. */
  readonly key: readonly string[];
}

const NUMBERS: readonly Kind[] = [
  { type: 'integer', family: 'number', values: [1, 2, 0, -1] },
  { type: 'bigint', family: 'number', values: [1, 2, 9007199254740993n, 9007199254740992n] },
  {
    type: 'numeric(20,2)',
    family: 'number',
    values: ['1.00', '2.00', '2.50', '-0.00', '9007199254740993.00'].map(digits),
  },
  { type: 'numeric', family: 'number', values: ['1', '1.0', '1.10', '0', '0.1', '12345678901234567890.5'].map(digits) },
];

const TEXTS: readonly Kind[] = [
  { type: 'text', family: 'text', values: ['a', 'b', 'A', '', 'a ', '1', 'null', "it's", 'Straße 🦊', 'a%_\\b'] },
  { type: 'character varying(20)', family: 'text', values: ['a', 'ab', 'B', '1.00', ' a', 'say "hi"'] },
  { type: 'character(3)', family: 'text', values: ['a  ', 'ab ', 'abc', '   '] },
  { type: 'mood', family: 'text', values: ['a', 'ok', 'sad'] },
];

const OTHERS: readonly Kind[] = [
  {
    type: 'uuid',
    family: 'uuid',
    values: ['7d1eaa82-63b9-4651-b14b-1f49c395fcd3', '00000000-0000-0000-0000-000000000001'],
  },
  { type: 'boolean', family: 'boolean', values: [true, false] },
  {
    type: 'timestamp without time zone',
    family: 'time',
    values: ['2024-02-29 23:59:59.5', '2024-02-29 00:00:00', '1999-12-31 07:08:09.000001'],
  },
  { type: 'double precision', family: 'double', values: [0.1, 0.7, -0.25, 1e16, -1e16, 1e300, -1e300, 5e-300] },
];

const JSONB: Kind = {
  type: 'jsonb',
  family: 'json',
  values: [
    '{"b": true, "d": 1.10, "n": 1, "o": {"k": [1, {"z": null}]}, "s": "a"}',
    '{"d": 12345678901234567890.50, "n": 9007199254740993, "s": "x\\"y\\u00e9", "odd \\"k.": "b", "__proto__": "p"}',
    '{"b": false, "n": null, "o": [], "s": ""}',
    '{"b": null, "n": -2, "o": {"k": []}}',
    '[{"n": 1}, 2]',
    '"a"',
    'null',
    '{}',
  ],
};

/** All that a column may hold. */
export const KINDS: readonly Kind[] = [...NUMBERS, ...TEXTS, ...OTHERS, JSONB];

/** Steps into the jsonb values above, and what is found at their end. */
export const STEPS: readonly { readonly steps: readonly (string | number)[]; readonly type?: string }[] = [
  { steps: ['s'] },
  { steps: ['n'], type: 'integer' },
  { steps: ['n'], type: 'numeric' },
  { steps: ['d'], type: 'numeric' },
  { steps: ['b'], type: 'boolean' },
  { steps: ['o'] },
  { steps: ['o', 'k'] },
  { steps: ['o', 'k', 0], type: 'integer' },
  { steps: ['o', 'k', 1, 'z'] },
  { steps: [0] },
  { steps: ['odd "k.'] },
  { steps: ['__proto__'] },
  { steps: ['nowhere', 'at all'] },
];

/** One to three tables of other names; `keyed`: each of them with a key. */
export function drawTables(draw: Draw, keyed: boolean): RandomTable[] {
  return pickSeveral(draw, draw.names, draw.count(1, 3)).map((name) => drawTable(draw, name, keyed));
}

function drawTable(draw: Draw, name: string, keyed: boolean): RandomTable {
  const names = pickSeveral(draw, draw.names, draw.count(3, 6));
  const columns = names.map((column, index): RandomColumn => {
    const kinds = [NUMBERS, TEXTS][index] ?? [...OTHERS, ...NUMBERS, ...TEXTS];
    return { name: column, kind: index > 1 && draw.chance(30) ? JSONB : draw.pick(kinds) };
  });
  const keyable = columns.filter(({ kind }) => !['json', 'boolean', 'double'].includes(kind.family));
  const key = pickSeveral(draw, keyable, draw.pick(keyed ? [1, 2, 2] : [1, 2, 2, 0])).map((column) => column.name);
  return { name, columns, key };
}

/** A row; a column of the key is never NULL. */
export function drawRow(draw: Draw, table: RandomTable): LoggedColumn[] {
  return table.columns.map(({ name, kind }) => {
    const isNull = !table.key.includes(name) && draw.chance(10);
    return [name, kind.type, isNull ? null : draw.pick(kind.values)];
  });
}
