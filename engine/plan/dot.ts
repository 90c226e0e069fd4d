import { graphOf } from './graph.ts';
import type { Plan } from './plan.ts';

const shapes = { scan: 'cylinder', join: 'hexagon', filter: 'parallelogram', group: 'house', project: 'box' } as const;

/** The plan in Graphviz's language: https://graphviz.org/doc/info/lang.html */
export function toDot(plan: Plan): string {
  const { nodes, edges } = graphOf(plan);
  return [
    'digraph plan {',
    '  rankdir=LR;',
    '  node [fontname="Helvetica"];',
    '  edge [fontname="Helvetica"];',
    ...nodes.map(({ id, kind, lines }) => `  ${id} [shape=${shapes[kind]}, label=${quoted(lines)}];`),
    ...edges.map(({ from, to, label }) => `  ${from} -> ${to}${label === '' ? '' : ` [label=${quoted([label])}]`};`),
    '}',
  ].join('\n');
}

function quoted(lines: readonly string[]): string {
  const escaped = lines.map((line) => line.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', ' '));
  return `"${escaped.join('\\n')}"`;
}
