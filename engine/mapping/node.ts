import type { Span } from '../diagnostic/diagnostic.ts';

/** A value of a YAML file with its place. Aliases are resolved, and keys are texts that stand once in their map. */
export type Node = MapNode | ListNode | ScalarNode;

export interface MapNode {
  readonly kind: 'map';
  readonly entries: readonly Entry[];
  readonly span: Span;
}

export interface Entry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: Node;
}

export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly Node[];
  readonly span: Span;
}

/** One value. A number keeps its characters, so that no digit is lost. */
export interface ScalarNode {
  readonly kind: 'text' | 'number' | 'boolean' | 'null';
  readonly text: string;
  /** Its characters in the file, quotes and indentation included, and how YAML reads them. */
  readonly source: string;
  readonly style: 'plain' | 'single' | 'double' | 'block';
  /** Set where YAML ended the text before its end; that is reported, and the text is not looked at any more. */
  readonly cut: boolean;
  readonly span: Span;
}

/** The value under a key. */
export function under(map: Node | undefined, key: string): Node | undefined {
  return entryOf(map, key)?.value;
}

/** The key with its value, where the node is a map that has it. */
export function entryOf(map: Node | undefined, key: string): Entry | undefined {
  return map?.kind === 'map' ? map.entries.find((entry) => entry.key === key) : undefined;
}

/** The node as plain values, for a JSON Schema. Its objects have no prototype: `__proto__` is a key as any other. */
export function plain(node: Node): unknown {
  switch (node.kind) {
    case 'map': {
      const object = Object.create(null) as Record<string, unknown>;
      for (const { key, value } of node.entries) object[key] = plain(value);
      return object;
    }
    case 'list':
      return node.items.map(plain);
    case 'text':
      return node.text;
    case 'number':
      return Number(node.text);
    case 'boolean':
      return node.text.toLowerCase() === 'true';
    case 'null':
      return null;
    default:
      return node satisfies never;
  }
}

/** What a JSON pointer leads to. */
export interface Pointed {
  readonly node: Node;
  /** The last key on the way, and whether the node is an item of the list there. Null for the document itself. */
  readonly key: string | null;
  readonly item: boolean;
  /** Where it begins for a reader: its key, or itself in a list. */
  readonly span: Span;
}

/** Follows a JSON pointer (RFC 6901), the way ajv says where a finding is. */
export function pointed(root: Node, pointer: string): Pointed {
  let at: Pointed = { node: root, key: null, item: false, span: { start: root.span.start, end: root.span.start } };
  for (const step of stepsOf(pointer)) {
    const entry = entryOf(at.node, step);
    const item = at.node.kind === 'list' ? at.node.items[Number(step)] : undefined;
    if (entry) at = { node: entry.value, key: entry.key, item: false, span: entry.keySpan };
    else if (item) at = { node: item, key: at.key, item: true, span: item.span };
  }
  return at;
}

/** The same tree, with a key of the map at `pointer` read as another one. */
export function withKey(root: MapNode, pointer: string, key: string, readAs: string): MapNode {
  return renamedInMap(root, stepsOf(pointer), key, readAs);
}

function renamed(node: Node, steps: readonly string[], key: string, readAs: string): Node {
  const [step, ...rest] = steps;
  if (node.kind === 'list') {
    return {
      ...node,
      items: node.items.map((each, n) => (String(n) === step ? renamed(each, rest, key, readAs) : each)),
    };
  }
  return node.kind === 'map' ? renamedInMap(node, steps, key, readAs) : node;
}

function renamedInMap(node: MapNode, [step, ...rest]: readonly string[], key: string, readAs: string): MapNode {
  const entries = node.entries.map((each) => {
    if (step === undefined) return each.key === key ? { ...each, key: readAs } : each;
    return each.key === step ? { ...each, value: renamed(each.value, rest, key, readAs) } : each;
  });
  return { ...node, entries };
}

function stepsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
