/**
 * Pseudo-random draws that are the same on every machine for one seed.
 *
 * @typedef {ReturnType<typeof randomOf>} Random
 */

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * All draws from one seed.
 *
 * @param {number} seed
 */
export function randomOf(seed) {
  const word = sfc32(seed);
  /** @param {number} limit A whole number from 0, below the limit. */
  const below = (limit) => Math.floor((word() / 0x1_0000_0000) * limit);
  return {
    below,

    /** @param {number} probability */
    chance: (probability) => word() / 0x1_0000_0000 < probability,

    /** @template T @param {readonly T[]} list @returns {T} */
    pick: (list) => /** @type {T} */ (list[below(list.length)]),

    /** @template T @param {T[]} list Put into another order, in place. @returns {T[]} */
    shuffle: (list) => {
      for (let last = list.length - 1; last > 0; last--) {
        const other = below(last + 1);
        [list[last], list[other]] = [/** @type {T} */ (list[other]), /** @type {T} */ (list[last])];
      }
      return list;
    },

    uuid: () => uuid(word(), word(), word(), word()),

    /** @param {number} length Text as ids and tokens look in an URL. */
    token: (length) => {
      let text = '';
      for (let index = 0; index < length; index++) text += BASE64URL[below(64)];
      return text;
    },
  };
}

/**
 * A version 4 UUID of four words.
 *
 * @param {number} a @param {number} b @param {number} c @param {number} d
 */
function uuid(a, b, c, d) {
  const middle = (b & 0xffff0fff) | 0x00004000;
  const variant = (c & 0x3fffffff) | 0x80000000;
  return `${high(a)}${low(a)}-${high(middle)}-${low(middle)}-${high(variant)}-${low(variant)}${high(d)}${low(d)}`;
}

/** @param {number} word */
const high = (word) => `${HEX[word >>> 24]}${HEX[(word >>> 16) & 255]}`;

/** @param {number} word */
const low = (word) => `${HEX[(word >>> 8) & 255]}${HEX[word & 255]}`;

/**
 * Chris Doty-Humphrey's small fast counter: 32 random bits a call.
 *
 * @param {number} seed
 * @returns {() => number}
 */
function sfc32(seed) {
  let [a, b, c, counter] = [seed | 0, 0x9e3779b9, 0x243f6a88, 1];
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 15; round++) next();
  return next;
}
