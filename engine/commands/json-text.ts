/** The same as JSON can say it: numbers of more digits than a double holds as text, bytes as hex. */
export function plainData(data: unknown): unknown {
  if (typeof data === 'bigint') return Number.isSafeInteger(Number(data)) ? Number(data) : String(data);
  if (data instanceof Uint8Array) return Buffer.from(data).toString('hex');
  if (Array.isArray(data)) return data.map(plainData);
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, plainData(value)]));
}
