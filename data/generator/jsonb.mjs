/** A number with digits that JavaScript would not keep. */
export class Digits {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }
}

/** What a jsonb column holds, until it is written. */
export class Document {
  /** @param {object} members Keys are ASCII. */
  constructor(members) {
    this.members = members;
  }
}

/** @param {object} members */
export const jsonb = (members) => new Document(members);

/**
 * JSON as PostgreSQL writes a jsonb value: a blank behind each comma and colon, keys by length, then by bytes.
 *
 * @param {unknown} value
 * @param {(value: object) => readonly string[]} [keysOf] An object's keys in another order, as a json value keeps it.
 * @returns {string}
 */
export function jsonbText(value, keysOf = inOrder) {
  if (Array.isArray(value)) return `[${value.map((each) => jsonbText(each, keysOf)).join(', ')}]`;
  if (value instanceof Digits) return value.text;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = [];
  for (const key of keysOf(value)) {
    members.push(`"${key}": ${jsonbText(/** @type {Record<string, unknown>} */ (value)[key], keysOf)}`);
  }
  return `{${members.join(', ')}}`;
}

/** @type {Map<string, readonly string[]>} The same few shapes come again and again: each is sorted once. */
const orders = new Map();

/** @param {object} value @returns {readonly string[]} */
function inOrder(value) {
  const keys = Object.keys(value);
  const shape = keys.join('\n');
  let order = orders.get(shape);
  if (!order) {
    order = keys.sort((one, other) => one.length - other.length || (one < other ? -1 : 1));
    orders.set(shape, order);
  }
  return order;
}
