import type { GraphNode } from './graph.ts';
import { graphOf } from './graph.ts';
import type { Plan } from './plan.ts';

const shapes = {
  scan: ['[(', ')]'],
  join: ['{{', '}}'],
  filter: ['[/', '/]'],
  group: ['[[', ']]'],
  project: ['[', ']'],
} as const;

/** The plan as a Mermaid flowchart: https://mermaid.js.org/syntax/flowchart.html */
export function toMermaid(plan: Plan): string {
  const { nodes, edges } = graphOf(plan);
  const arrows = edges.map(({ from, to, label }) => `  ${from} -->${label === '' ? '' : `|${quoted([label])}|`} ${to}`);
  return ['flowchart LR', ...nodes.map((node) => `  ${nodeText(node)}`), ...arrows].join('\n');
}

function nodeText({ id, kind, lines }: GraphNode): string {
  const [open, close] = shapes[kind];
  return `${id}${open}${quoted(lines)}${close}`;
}

/** Everything but letters, digits and harmless signs goes as a code, so that no name can end the text or be markup. */
function quoted(lines: readonly string[]): string {
  const escaped = lines.map((line) =>
    line.replace(/[^\p{L}\p{N} .,_=:+/()*-]/gu, (sign) => `#${sign.codePointAt(0)};`),
  );
  return `"${escaped.join('<br/>')}"`;
}
