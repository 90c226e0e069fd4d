import type { Name } from './draft.ts';
import type { Node } from './node.ts';

/** A text that could be read. */
export function nameOf(node: Node | undefined): Name | null {
  return node?.kind === 'text' && !node.cut ? { text: node.text, span: node.span } : null;
}

/** A text, or a list of texts. */
export function namesOf(node: Node | undefined): Name[] {
  const items = node?.kind === 'list' ? node.items : [node];
  return items.flatMap((item) => nameOf(item) ?? []);
}
