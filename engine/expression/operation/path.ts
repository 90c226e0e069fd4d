/** Places inside JSON text, found without losing a digit: what is handed back are the characters themselves. */
import { JSONPath } from 'jsonpath-plus';
import { type Element, elements, members, readString, skipMembers, skipValue, wholeValue } from '../../json.ts';
import { refuse } from './operation.ts';

/** jsonpath-plus recurses over the data. */
const DEEPEST = 500;

/** The names and places of a nested path, from the outermost on. */
type Steps = readonly (string | number)[];

/** A value of JSON as jsonpath-plus sees it: what it can go into, and nothing else; a scalar is an empty object. */
type Node = object;

/**
 * The value that `steps` lead to, as PostgreSQL's `->` and at last `->>` give it: a string unescaped, anything else its
 * own characters, JSON null and nowhere NULL. The last of equal keys wins, and a negative place counts from the end.
 *
 * Throws a JsonError where the text is not JSON, also behind the place sought.
 */
export function extract(json: string, steps: Steps): string | null {
  let place: Element | null = null;
  wholeValue(json, (_, at) =>
    walk(json, at, steps, 0, (found) => {
      place = found;
    }),
  );
  return place && textAt(json, place);
}

/** Goes behind the value at `at`, and notes on its way where the steps lead, from the n-th on; null where nowhere. */
function walk(json: string, at: number, steps: Steps, n: number, note: (found: Element | null) => void): number {
  const step = steps[n];
  if (typeof step === 'string' && json[at] === '{') {
    return skipMembers(json, at, (_, value, name) => {
      if (name !== step) return skipValue(json, value);
      note(null);
      return walk(json, value, steps, n + 1, note);
    });
  }
  const end = skipValue(json, at);
  if (step === undefined) note({ start: at, end });
  if (typeof step === 'number' && json[at] === '[') {
    const element = elements(json, at).at(step);
    if (element) walk(json, element.start, steps, n + 1, note);
  }
  return end;
}

/**
 * The first value, by its place in the text, that a JSON path (as `jsonPathProblem` accepts it) leads to; in the form
 * that `extract` gives. Throws a JsonError where the text is not JSON.
 */
export function queryJsonPath(json: string, query: string): string | null {
  const places = new Map<Node, Element>();
  const root = nodeOf(json, wholeValue(json), places, 0);
  // Own properties of arrays and strings (length) are no places, so only nodes count as found.
  const found: unknown[] = JSONPath({ path: query, json: root, eval: false, wrap: true, resultType: 'value' });
  let first: Element | null = null;
  for (const node of found) {
    const place = places.get(node as Node);
    if (place && (first === null || place.start < first.start)) first = place;
  }
  return first && textAt(json, first);
}

function textAt(json: string, { start, end }: Element): string | null {
  if (json[start] === '"') return readString(json, start, end);
  return json[start] === 'n' ? null : json.slice(start, end);
}

/** The value at a place as a node, it and all inside it entered in `places`. */
function nodeOf(json: string, place: Element, places: Map<Node, Element>, depth: number): Node {
  if (depth > DEEPEST) refuse('JSON_TOO_DEEP', { limit: DEEPEST });
  const node = json[place.start] === '[' ? [] : Object.create(null);
  places.set(node, place);
  if (json[place.start] === '[') {
    for (const element of elements(json, place.start)) node.push(nodeOf(json, element, places, depth + 1));
  } else if (json[place.start] === '{') {
    for (const member of members(json, place.start)) node[member.name] = nodeOf(json, member, places, depth + 1);
  }
  return node;
}
