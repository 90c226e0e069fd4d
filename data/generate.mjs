/** Writes a log of payments in wal2json's version 1, the same for the same options. `--help` says the rest. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { LAYOUTS } from './generator/layout.mjs';
import { logText } from './generator/log.mjs';
import { PLAIN, variedWriting } from './generator/writing.mjs';

const HELP = `node data/generate.mjs [--records N] [--layout LAYOUT] [--varied] [--seed N] [--out FILE]

Writes a change log of made-up payments: wal2json version 1, one insert a record, the same bytes for the same options.
Of every 1,000 records 576 are of event_v2_data, 144 of payment_instrument_token_data, 140 of transaction and 140 of
transaction_request; mappings/dashboard_metric.yaml makes 529 rows of them. Keys are fresh in every thousand, in no
order, and some rows are committed after those that refer to them.

  --records N      how many records (1000); 1,000 are about 1.4 MB
  --layout LAYOUT  ${Object.entries(LAYOUTS)
    .map(([name, { title }]) => `${name.padEnd(11)}${title}`)
    .join(`\n${' '.repeat(19)}`)}
  --varied         no two nested texts alike, their members in any order, half of the records escaped to ASCII
  --seed N         another number, another log (1)
  --out FILE       where to (data/wal.json); - is standard output
  --help           this text

  node data/generate.mjs                                                       data/wal.json, as it is committed
  node data/generate.mjs --records 720000 --layout line-array --out big.json   about 1 GB on one line
  node data/generate.mjs --records 5000 --layout lines --out - | gzip > wal.ndjson.gz
`;

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '1000' },
    layout: { type: 'string', default: 'array' },
    varied: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: fileURLToPath(new URL('wal.json', import.meta.url)) },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else await write(values);

/** @param {{ records: string, layout: string, varied: boolean, seed: string, out: string }} options */
async function write(options) {
  const layout = LAYOUTS[options.layout];
  if (!layout) throw new RangeError(`--layout "${options.layout}" is none of ${Object.keys(LAYOUTS).join(', ')}`);
  const seed = count('seed', options.seed);
  const writing = options.varied ? variedWriting(seed) : PLAIN;
  const log = logText({ records: count('records', options.records), seed, layout, writing });
  const out = options.out === '-' ? process.stdout : createWriteStream(options.out);
  await pipeline(Readable.from(log, { objectMode: true, highWaterMark: 1 }), out).catch(unlessReaderLeft);
}

/** @param {string} name @param {string} text */
function count(name, text) {
  if (!/^\d+$/.test(text)) throw new RangeError(`--${name} "${text}" is no whole number`);
  return Number(text);
}

/** Whoever reads from a pipe may have seen enough, as `head` does. @param {NodeJS.ErrnoException} error */
function unlessReaderLeft(error) {
  if (error.code !== 'EPIPE') throw error;
}
