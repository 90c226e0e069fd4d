/** The places that the documents of a column have: names from the outside in, down to what is no object. */
import { members, readLiteral, skipSpace } from '../json.ts';
import { common, type Look, lookOfLiteral } from './look.ts';

/** A place in the documents of a column. */
export interface Place {
  readonly steps: readonly string[];
  /** What stands there; null where that was always null. */
  readonly look: Look | null;
}

/** What is known of one place. */
interface Node {
  look: Look | null;
  /** Whether anything was seen that is neither null nor an object. */
  isLeaf: boolean;
  /** Objects that were seen, and their members in all. */
  objects: number;
  members: number;
  readonly inside: Map<string, Node>;
}

/** An object of more names than these is a dictionary: its names are values, and it stays whole. */
const MOST_NAMES = 40;
/** So is one of more names than these, if it mostly has few of them. */
const SOME_NAMES = 8;
const FEW = 0.3;
/** A column of more places stays whole. */
const MOST_PLACES = 100;
const DEEPEST = 8;

export interface Places {
  /** Takes a document, which is known to be JSON. */
  take(json: string): void;
  /** In the order in which they were seen; none where the documents are no objects, or have too many places. */
  all(): readonly Place[];
}

export function openPlaces(): Places {
  const root = newNode();
  return {
    take: (json) => note(root, json, { start: skipSpace(json, 0), end: json.trimEnd().length }, DEEPEST),
    all() {
      const places = root.isLeaf || isDictionary(root) || root.inside.size === 0 ? [] : placesIn(root, []);
      return places.length > MOST_PLACES ? [] : places;
    },
  };
}

function newNode(): Node {
  return { look: null, isLeaf: false, objects: 0, members: 0, inside: new Map() };
}

function isDictionary({ inside: { size }, objects, members }: Node): boolean {
  return size > MOST_NAMES || (size > SOME_NAMES && members < FEW * size * objects);
}

function note(
  node: Node,
  json: string,
  { start, end }: { readonly start: number; readonly end: number },
  depth: number,
): void {
  if (json[start] === 'n') return;
  if (json[start] !== '{' || depth === 0) {
    const literal = readLiteral(json, start, end);
    // A text is a text in JSON, also one that holds JSON.
    if (literal !== null) node.look = common(node.look, typeof literal === 'string' ? 'text' : lookOfLiteral(literal));
    node.isLeaf = true;
    return;
  }
  node.objects++;
  for (const member of members(json, start)) {
    if (node.inside.size > MOST_NAMES) return;
    node.members++;
    const inner = node.inside.get(member.name) ?? newNode();
    node.inside.set(member.name, inner);
    note(inner, json, member, depth - 1);
  }
}

function placesIn(node: Node, steps: readonly string[]): readonly Place[] {
  if (isDictionary(node)) return [{ steps, look: 'json' }];
  const look = node.inside.size > 0 && node.look !== null ? common(node.look, 'json') : node.look;
  const own = (node.isLeaf || node.inside.size === 0) && steps.length > 0 ? [{ steps, look }] : [];
  return [...own, ...[...node.inside].flatMap(([name, inner]) => placesIn(inner, [...steps, name]))];
}
