/** A number with digits that JavaScript would not keep. */
export class Digits {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }
}

/**
 * JSON as PostgreSQL writes a jsonb value: a blank behind each comma and colon, keys by length, then by bytes.
 *
 * @param {unknown} value Keys are ASCII.
 * @returns {string}
 */
export function jsonb(value) {
  if (Array.isArray(value)) return `[${value.map(jsonb).join(', ')}]`;
  if (value instanceof Digits) return value.text;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = [];
  for (const key of inOrder(value)) {
    members.push(`"${key}": ${jsonb(/** @type {Record<string, unknown>} */ (value)[key])}`);
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
