/**
 * How the values of a record become text: as PostgreSQL and wal2json write them, or with as much variety as a log can have.
 *
 * @typedef {object} Writing
 * @property {(document: Document) => string} nested What a jsonb column holds, as text.
 * @property {(record: string) => string} encoded The record's characters.
 */
import { Document, jsonbText } from './jsonb.mjs';
import { randomOf } from './random.mjs';
import { CUSTOMERS } from './words.mjs';

/** @type {Writing} */
export const PLAIN = { nested: ({ members }) => jsonbText(members), encoded: (record) => record };

/**
 * No two nested texts are alike, their members stand in any order, and half of the records say in \u escapes what is not
 * ASCII. The rows are those of the same seed otherwise.
 *
 * @param {number} seed
 * @returns {Writing}
 */
export function variedWriting(seed) {
  const random = randomOf(seed + 1);
  const anyOrder = (/** @type {object} */ value) => random.shuffle(Object.keys(value));
  return {
    nested: ({ members }) => {
      const trace = `${random.pick(CUSTOMERS).first} ${random.token(10)}`;
      return jsonbText({ ...members, trace }, anyOrder);
    },
    encoded: (record) => (random.chance(0.5) ? escaped(record) : record),
  };
}

/** JSON has characters beyond ASCII in strings only. @param {string} json */
function escaped(json) {
  return json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** @param {unknown} value @param {Writing} writing @returns {string} */
export function literal(value, writing) {
  if (value instanceof Document) return JSON.stringify(writing.nested(value));
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
