/** @import { Inserted } from './tables.mjs' @import { Layout } from './layout.mjs' @import { Writing } from './writing.mjs' */
import { blockRows, blockStart } from './block.mjs';
import { randomOf } from './random.mjs';

/**
 * The text of a log, in pieces of about a block; no more than three blocks are held at once.
 *
 * @param {{ records: number, seed: number, layout: Layout, writing: Writing }} options
 * @returns {Generator<string>}
 */
export function* logText({ records, seed, layout, writing }) {
  let framing = layout.before;
  for (const rows of committed(records, seed)) {
    let text = '';
    for (const row of rows) {
      text += framing + writing.encoded(layout.record(row, writing));
      framing = layout.between;
    }
    yield text;
  }
  yield records === 0 ? layout.before + layout.after.trimStart() : layout.after;
}

/**
 * Rows in the order of their commits. Late rows of a block stand among the next block's.
 *
 * @param {number} records
 * @param {number} seed
 */
function* committed(records, seed) {
  const random = randomOf(seed);
  /** @type {Inserted[]} */
  let held = [];
  let left = records;
  for (let block = 0; left > 0; block++) {
    held = held.concat(blockRows(random, block)).sort((one, other) => one.at - other.at);
    const last = left <= held.length;
    const next = blockStart(block + 1);
    const ready = last ? left : held.findIndex((row) => row.at >= next);
    const count = ready < 0 ? held.length : ready;
    yield held.slice(0, count);
    held = held.slice(count);
    left -= count;
  }
}
