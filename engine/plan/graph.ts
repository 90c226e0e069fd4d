import { printColumn, printExpression } from '../expression/print.ts';
import type { Equality, Join, Plan, Scan } from './plan.ts';

/** A plan as a picture: what is done, and where rows go from one step to the next. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly Edge[];
}

export interface GraphNode {
  readonly id: string;
  readonly kind: 'scan' | 'join' | 'filter' | 'group' | 'project';
  /** The lines written in it, first the title. */
  readonly lines: readonly string[];
}

export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

/** Scans at the left, each join taking what stands before it and the relation that it brings, then filter and project. */
export function graphOf(plan: Plan): Graph {
  const nodes: GraphNode[] = [scanNode(plan.root, 0)];
  const edges: Edge[] = [];
  let last = 's0';
  const follow = (node: GraphNode): void => {
    nodes.push(node);
    edges.push({ from: last, to: node.id, label: '' });
    last = node.id;
  };
  for (const [n, join] of plan.joins.entries()) {
    nodes.push(scanNode(join.scan, n + 1));
    follow({ id: `j${n + 1}`, kind: 'join', lines: [joinTitle(join)] });
    edges.push({ from: `s${n + 1}`, to: last, label: join.on.map(equalityText).join(' and ') });
  }
  if (plan.filter) follow({ id: 'f', kind: 'filter', lines: ['where', printExpression(plan.filter.expression)] });
  if (plan.groupBy) follow({ id: 'g', kind: 'group', lines: ['group by', ...plan.groupBy.map(printExpression)] });
  follow({ id: 'p', kind: 'project', lines: [plan.metric, ...plan.project.map((output) => output.name)] });
  return { nodes, edges };
}

function scanNode(scan: Scan, n: number): GraphNode {
  const key = scan.key.length > 0 ? `key ${scan.key.join(', ')}` : 'no key';
  const version = scan.version ? [`version ${printExpression(scan.version)}`] : [];
  const filter = scan.filter ? [`where ${printExpression(scan.filter.expression)}`] : [];
  return { id: `s${n}`, kind: 'scan', lines: [scan.alias, key, ...version, ...filter] };
}

function joinTitle(join: Join): string {
  return join.kind === 'left' ? 'left join' : 'join';
}

/** An equality in the mapping's words. */
export function equalityText({ left, right }: Equality): string {
  return `${printColumn(left)} = ${printColumn(right)}`;
}
