/**
 * A thousand records: 144 payments told so that the dashboard's joins give 529 rows of 576 events.
 *
 * 13 events have no transaction (5 a NULL id, 8 wait), of the others 10 no request (2 NULL, 8 wait), of the others 24 no
 * instrument (12 NULL, 12 wait). Keys are fresh in every block, so the numbers hold for any number of blocks.
 *
 * @import { Random } from './random.mjs'
 * @import { Inserted } from './tables.mjs'
 * @import { Payment } from './flow.mjs'
 */
import { eventRows, paymentAt, requestRow, tokenRow, transactionRow } from './flow.mjs';
import { SECOND } from './time.mjs';

const BLOCK_TIME = 60 * SECOND;
const START = Date.UTC(2024, 1, 28, 23, 58) * 1000;

/** Every row of a block is committed within this time, and after its start. */
export const blockStart = (/** @type {number} */ block) => START + block * BLOCK_TIME;

/**
 * How many payments go which way. `token`: `new` in the block, `used` before in the block, `elsewhere` (its row never
 * comes) or `none`.
 */
const STORIES = [
  { payments: 21, status: 'PENDING', events: ['submitted', 'asked', 'updated'], token: 'new' },
  { payments: 30, status: 'AUTHORIZED', events: ['submitted', 'asked', 'authorized', 'updated'], token: 'new' },
  { payments: 37, status: 'DECLINED', events: ['submitted', 'asked', 'failed', 'updated'], token: 'new' },
  { payments: 12, status: 'DECLINED', events: ['submitted', 'asked', 'failed', 'updated'], token: 'used' },
  { payments: 22, status: 'SETTLED', events: ['submitted', 'asked', 'authorized', 'settled', 'updated'], token: 'new' },
  { payments: 8, status: 'SETTLED', events: ['submitted', 'asked', 'authorized', 'settled', 'notified'], token: 'new' },
  { payments: 3, status: 'DECLINED', events: ['submitted', 'asked', 'failed', 'updated'], token: 'elsewhere' },
  { payments: 3, status: 'AUTHORIZED', events: ['submitted', 'asked', 'authorized', 'updated'], token: 'none' },
  { payments: 4, status: 'PENDING', events: ['submitted', 'asked'], token: 'elsewhere', lacks: 'request' },
  { payments: 4, status: null, events: ['submitted', 'asked'], token: 'elsewhere', lacks: 'transaction' },
];

const TOKENS_NEVER_USED = 26;
const EVENTS_WITHOUT_TRANSACTION = 5;
const EVENTS_WITHOUT_FLOW = 2;

/**
 * The rows of a block, by the time they were committed.
 *
 * @param {Random} random
 * @param {number} block Its number, from 0.
 * @returns {Inserted[]}
 */
export function blockRows(random, block) {
  const sortId = sortIds(random, block);
  /** @type {Inserted[]} */
  const rows = [];
  /** @type {Payment[]} */
  const told = [];
  for (const story of STORIES) {
    for (let count = 0; count < story.payments; count++) told.push(tell(random, story, block, told, sortId, rows));
  }
  for (let count = 0; count < TOKENS_NEVER_USED; count++) rows.push(tokenRow(random, paymentIn(random, block)));
  for (let count = 0; count < EVENTS_WITHOUT_TRANSACTION; count++) {
    rows.push(...eventRows(random, random.pick(told), ['notified'], sortId, { transaction_id: null }));
  }
  // The first payments told have all their rows: a dispute then waits for nothing but its flow.
  for (let count = 0; count < EVENTS_WITHOUT_FLOW; count++) {
    rows.push(...eventRows(random, random.pick(told.slice(0, 100)), ['notified'], sortId, { flow_id: null }));
  }
  return rows.sort((one, other) => one.at - other.at);
}

/**
 * Puts the rows of one payment behind the others.
 *
 * @param {Random} random @param {typeof STORIES[number]} story @param {number} block
 * @param {readonly Payment[]} told @param {() => bigint} sortId @param {Inserted[]} rows
 */
function tell(random, story, block, told, sortId, rows) {
  const payment = paymentIn(random, block);
  if (story.token === 'none') payment.token = null;
  if (story.token === 'used') payment.token = random.pick(told.slice(0, 80)).token;
  if (story.token === 'new') rows.push(tokenRow(random, payment));
  if (story.lacks !== 'request') rows.push(requestRow(random, payment));
  if (story.status !== null) rows.push(transactionRow(random, payment, story.status));
  rows.push(...eventRows(random, payment, story.events, sortId));
  return payment;
}

/** @param {Random} random @param {number} block */
function paymentIn(random, block) {
  return paymentAt(random, blockStart(block) + SECOND + random.below(BLOCK_TIME - 2 * SECOND));
}

/** Numbers for events, fresh in every block; one in eight is beyond what a double can hold. */
function sortIds(/** @type {Random} */ random, /** @type {number} */ block) {
  let next = BigInt(block) * 1000n;
  return () => {
    next += 1n;
    return random.chance(0.125) ? 9_007_199_254_740_992n + next : 24_000_000n + next;
  };
}
