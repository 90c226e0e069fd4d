/** A JSON value with its own characters, so that no digit is lost and a nested value can be given back as written. */
export type Json =
  | { readonly kind: 'null'; readonly raw: string }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly raw: string }
  | { readonly kind: 'number'; readonly raw: string }
  | { readonly kind: 'string'; readonly value: string; readonly raw: string }
  | { readonly kind: 'array'; readonly items: readonly Json[]; readonly raw: string }
  | { readonly kind: 'object'; readonly members: ReadonlyMap<string, Json>; readonly raw: string };

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\]|\\.)*"/sy;
const WORD = /null|true|false|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** The values of a text that holds any number of them, one after another. */
export function parseAll(text: string): Json[] {
  const values: Json[] = [];
  let at = skip(SPACE, text, 0);
  while (at < text.length) {
    const [value, end] = parseAt(text, at);
    values.push(value);
    at = skip(SPACE, text, end);
  }
  return values;
}

/** The one value of a text; null where it holds none or several. */
export function parseOne(text: string): Json | null {
  const [value, ...others] = parseAll(text);
  return value && others.length === 0 ? value : null;
}

function parseAt(text: string, at: number): [Json, number] {
  if (text[at] === '{') return parseObject(text, at);
  if (text[at] === '[') return parseArray(text, at);
  if (text[at] === '"') return parseString(text, at);
  const end = skip(WORD, text, at);
  const raw = text.slice(at, end);
  if (raw === '') throw new SyntaxError(`no JSON value at ${at}`);
  if (raw === 'null') return [{ kind: 'null', raw }, end];
  if (raw === 'true' || raw === 'false') return [{ kind: 'boolean', value: raw === 'true', raw }, end];
  return [{ kind: 'number', raw }, end];
}

function parseString(text: string, at: number): [Extract<Json, { kind: 'string' }>, number] {
  const end = skip(STRING, text, at);
  if (end === at) throw new SyntaxError(`no JSON string at ${at}`);
  const raw = text.slice(at, end);
  return [{ kind: 'string', value: JSON.parse(raw) as string, raw }, end];
}

function parseArray(text: string, start: number): [Json, number] {
  const items: Json[] = [];
  const end = parseList(text, start, ']', (at) => {
    const [item, after] = parseAt(text, at);
    items.push(item);
    return after;
  });
  return [{ kind: 'array', items, raw: text.slice(start, end) }, end];
}

function parseObject(text: string, start: number): [Json, number] {
  const members = new Map<string, Json>();
  const end = parseList(text, start, '}', (at) => {
    const [name, afterName] = parseString(text, at);
    const colon = skip(SPACE, text, afterName);
    if (text[colon] !== ':') throw new SyntaxError(`no colon at ${colon}`);
    const [value, after] = parseAt(text, skip(SPACE, text, colon + 1));
    members.set(name.value, value);
    return after;
  });
  return [{ kind: 'object', members, raw: text.slice(start, end) }, end];
}

/** Reads what stands between brackets, an element at a time; gives the place behind the closing one. */
function parseList(text: string, start: number, close: string, element: (at: number) => number): number {
  let at = skip(SPACE, text, start + 1);
  if (text[at] === close) return at + 1;
  for (;;) {
    at = skip(SPACE, text, element(at));
    if (text[at] === close) return at + 1;
    if (text[at] !== ',') throw new SyntaxError(`neither comma nor "${close}" at ${at}`);
    at = skip(SPACE, text, at + 1);
  }
}

/** The place behind what the pattern matches at a place; the place itself where it doesn't match. */
function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
