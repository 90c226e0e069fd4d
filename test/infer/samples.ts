/** Samples of csv and json, small, each with something that a proposal has to see. */
type Samples = readonly (readonly [file: string, content: string | Uint8Array])[];

const lines = (documents: readonly object[]): string => documents.map((each) => `${JSON.stringify(each)}\n`).join('');

export const documents: Samples = [
  [
    'debezium.ndjson',
    lines([
      { schema: null, payload: { before: null, after: { id: 1, name: 'a', at: '2024-01-01' }, op: 'c', ts_ms: 1 } },
      {
        schema: null,
        payload: { before: { id: 1, name: 'a', at: null }, after: { id: 1, name: 'b', at: null }, op: 'u', ts_ms: 2 },
      },
      { schema: null, payload: { before: null, after: { id: 2, name: 'c', at: null }, op: 'c', ts_ms: 3 } },
      { schema: null, payload: { before: { id: 1, name: 'b', at: null }, after: null, op: 'd', ts_ms: 4 } },
    ]),
  ],
  [
    // Events that are rows themselves, with a word like an operation; mixed values; a dictionary of too many names.
    'events-2024.json',
    JSON.stringify(
      Array.from({ length: 30 }, (_, n) => ({
        uuid: `00000000-0000-0000-0000-0000000000${10 + n}`,
        type: 'created',
        count: n % 2 === 0 ? n : `${n}`,
        amount: n / 4,
        yes: n > 3,
        nested: { 'odd "name"': { n }, on: n % 2 === 0 ? true : null, list: [n] },
        by_day: Object.fromEntries(Array.from({ length: 9 }, (_, day) => [`${n}-${day}`, day])),
        text: n % 2 === 0 ? '{"a":1}' : '{"a":2.5}',
        mixed: n % 2 === 0 ? '{"a":1}' : 'none',
      })),
      null,
      2,
    ),
  ],
];

export const tables: Samples = [
  [
    'sales_2024_01.csv',
    [
      'day,shop,null,pieces,price,paid,at,zip,json',
      '2024-01-01,north,,1,1.50,true,2024-01-01 10:00:00,01234,"{""a"": {""b"": 1}}"',
      '2024-01-01,south,,2,2,false,2024-01-01 10:00:00,01234,',
      '2024-01-02,north,,2,3.25,true,2024-01-02T11:00:00.5,53111,"{""a"": {""b"": 2}}"',
    ].join('\n'),
  ],
  ['keyless.csv', 'price\tname\n1.5\tx\n1.5\tx\n2.5\ty\n'],
  ['utf16.csv', Buffer.from('\ufeffid|name\n1|Köln\n2|Bonn\n', 'utf16le')],
];
