/** What the language knows and the engine does not do yet, by the title that the schema gives to what holds it. */
const KEYS = new Map<string, readonly string[]>([['a table', ['keep']]]);

/** Whether a key of what is titled so is planned: it is no slip, and has a finding of its own. */
export function isLaterKey(title: string, key: string): boolean {
  return KEYS.get(title)?.includes(key) ?? false;
}
