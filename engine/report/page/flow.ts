import { count, plural } from '../../diagnostic/quantity.ts';
import { pathText } from '../../expression/paths.ts';
import { type GraphNode, graphOf } from '../../plan/graph.ts';
import type { Join, Plan } from '../../plan/plan.ts';
import type { FilterCount, JoinCount } from '../../store/state/joins.ts';
import type { RelationFigures } from '../relations.ts';
import type { Figures, KeptFigures, Report } from '../report.ts';

/** The plan as it is drawn, with what went where. */
export interface Flow {
  readonly steps: readonly Step[];
  readonly ways: readonly Way[];
}

export interface Step {
  readonly id: string;
  readonly kind: GraphNode['kind'];
  readonly title: string;
  /** In short lines below the title. */
  readonly lines: readonly string[];
}

/** From one step to the next. */
export interface Way extends Passing {
  readonly from: string;
  readonly to: string;
  /** Whether it leads from the root to the metric. */
  readonly isMain: boolean;
}

/** What leaves a step. */
export interface Passing {
  /** Null where that is not known. */
  readonly rows: number | null;
  readonly told: readonly Told[];
}

/** A count, and what it means for the metric. */
export interface Told {
  readonly tone: 'plain' | 'matched' | 'waiting' | 'null' | 'rejected';
  readonly text: string;
}

/** With counts where the metric stands. */
export function flowOf({ plan, kept }: Pick<Report, 'plan' | 'kept'>): Flow {
  const { nodes, edges } = graphOf(plan);
  const passing = kept?.figures ? passingOf(plan, kept, kept.figures) : new Map<string, Passing>();
  const rows = kept?.figures ? rowsOf(kept, kept.figures) : new Map<string, number>();
  return {
    steps: nodes.map((node) => stepOf(plan, node, rows.get(node.id))),
    ways: edges.map(({ from, to }) => {
      const isMain = from === 's0' || !from.startsWith('s');
      return { from, to, isMain, ...(passing.get(from) ?? { rows: null, told: [] }) };
    }),
  };
}

function stepOf(plan: Plan, { id, kind, lines }: GraphNode, rows: number | undefined): Step {
  const counted = rows === undefined ? [] : [plural(rows, 'row')];
  const [title = '', ...more] = lines;
  switch (kind) {
    case 'scan':
      return { id, kind, title, lines: counted };
    case 'join':
      return { id, kind, title, lines: plan.joins[Number(id.slice(1)) - 1]?.on.map(equalityText) ?? [] };
    case 'project':
      return { id, kind, title, lines: counted };
    case 'filter':
    case 'group':
      return { id, kind, title, lines: more };
  }
}

/** By which columns partners are found: their name, where both have the same. */
function equalityText({ left, right }: Join['on'][number]): string {
  const [asked, found] = [pathText(left.path), pathText(right.path)];
  return asked === found ? asked : `${asked} = ${found}`;
}

/** What stands in each table, and in the metric. */
function rowsOf({ status }: KeptFigures, { relations }: Figures): ReadonlyMap<string, number> {
  return new Map([...relations.map(({ rows }, n): [string, number] => [`s${n}`, rows]), ['p', status.rows]]);
}

/** By the steps' names in the graph. */
function passingOf(plan: Plan, { status }: KeptFigures, figures: Figures): ReadonlyMap<string, Passing> {
  const { joins, filter } = status;
  const joined = joins.map((join, n): Passing => {
    const isLeft = plan.joins[n]?.kind === 'left';
    const rows = joins[n + 1]?.rows ?? filter?.rows ?? rowsBehind(plan, figures, join, isLeft);
    return { rows, told: joinTold(join, isLeft, rows) };
  });
  const all: readonly (readonly [string, Passing])[] = [
    ...figures.relations.map(
      (relation, n) => [`s${n}`, scanPassing(relation, n === 0 ? figures.roots : null)] as const,
    ),
    ...joined.map((join, n) => [`j${n + 1}`, join] as const),
    ...(filter ? [['f', filterPassing(filter)] as const] : []),
    ...(plan.groupBy ? [['g', { rows: made(figures), told: [] }] as const] : []),
  ];
  // What is left out of the metric's rows is told where they come from.
  const [id = '', { rows, told } = { rows: null, told: [] }] = all.at(-1) ?? [];
  const lost = [...some('rejected', figures.keptOut), ...some('held back', figures.held)];
  return new Map([...all, [id, { rows, told: [...told, ...lost] }]]);
}

/** Rows that the plan makes, whether they stand in the target or not. */
function made({ rows, keptOut, held }: Figures): number {
  return rows + keptOut + held;
}

/** Of the root it is known how many rows its filter keeps. */
function scanPassing({ rows, rejected }: RelationFigures, roots: number | null): Passing {
  if (roots === null) return { rows: rows - rejected, told: some('rejected', rejected) };
  const told: readonly Told[] = [{ tone: 'plain', text: plural(roots, 'row') }, ...some('rejected', rejected)];
  return { rows: roots, told: [...told, ...some('left out', rows - rejected - roots)] };
}

/** Behind the last join. Of groups it is only known where each row has one partner. */
function rowsBehind({ groupBy }: Plan, figures: Figures, join: JoinCount, isLeft: boolean): number | null {
  if (!groupBy) return made(figures);
  if (join.fanout > 1) return null;
  return isLeft ? join.rows : join.matched;
}

/** Of a left join those without a partner go on. */
function joinTold(join: JoinCount, isLeft: boolean, rows: number | null): readonly Told[] {
  const { matched, waiting, nullKey } = join;
  const several = rows !== null && join.fanout > 1 ? [{ tone: 'plain', text: `makes ${count(rows)}` } as const] : [];
  return [
    { tone: 'matched', text: `${count(matched)} matched` },
    ...some('waiting', waiting),
    ...(nullKey > 0 ? [{ tone: 'null', text: `${count(nullKey)} NULL key` } as const] : []),
    ...several,
    ...(isLeft && waiting + nullKey > 0 ? [{ tone: 'plain', text: 'all go on' } as const] : []),
  ];
}

function filterPassing({ rows, kept }: FilterCount): Passing {
  return { rows: kept, told: [{ tone: 'matched', text: `${count(kept)} kept` }, ...some('left out', rows - kept)] };
}

function some(what: 'waiting' | 'rejected' | 'left out' | 'held back', rows: number): readonly Told[] {
  const tone = what === 'waiting' || what === 'rejected' ? what : 'plain';
  return rows === 0 ? [] : [{ tone, text: `${count(rows)} ${what}` }];
}
