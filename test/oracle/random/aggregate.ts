/** Random aggregates and windows, and groups for them, that PostgreSQL accepts and can always compute. */
import type { Draw } from './draw.ts';
import { condition, drawExpression, number, type Reach, steps, text } from './expression.ts';
import type { Family } from './table.ts';

/** The columns of a metric may speak of aggregates and groups in place of paths, or of windows besides them. */
export interface Grouped {
  /** What the rows are grouped by. */
  readonly groups: readonly string[];
  /** The groups alone: PostgreSQL takes no aggregate in a window's filter. */
  readonly keys: readonly Reach[];
  /** Groups, aggregates, and windows where they are asked for, each as if it were a column. */
  readonly reach: readonly Reach[];
}

/** None to three groups by paths or expressions, and some aggregates of the rows behind them. */
export function drawGrouped(draw: Draw, reach: readonly Reach[]): Grouped {
  const groups = Array.from({ length: draw.pick([1, 1, 2, 3, 0]) }, () => drawGroup(draw, reach));
  const aggregates = Array.from({ length: draw.count(1, 4) }, () => drawAggregate(draw, reach, reach));
  const keys = groups.map(inBrackets);
  return { groups: groups.map(({ path }) => path), keys, reach: [...keys, ...aggregates] };
}

/** Some windows over rows, or over groups where aggregates are within reach; their filters speak of `plain` alone. */
export function drawWindows(draw: Draw, reach: readonly Reach[], plain: readonly Reach[]): Reach[] {
  return Array.from({ length: draw.count(1, 2) }, () => {
    const { path, column } = drawAggregate(draw, reach, plain, false);
    return { path: `${path} ${draw.pick(['over', 'OVER'])} (${drawFrame(draw, reach)})`, column };
  });
}

/** A column's expression: one of these alone, or something around them. */
export function drawAround(draw: Draw, reach: readonly Reach[]): string {
  const { path, column } = draw.pick(reach);
  const { family } = column.kind;
  if (family === 'double')
    return draw.pick([path, path, `-(${path})`, `abs(${path})`, `${path} / 2`, `round(${path})`]);
  return draw.chance(60) ? path : drawExpression(draw, reach, 2);
}

function drawGroup(draw: Draw, reach: readonly Reach[]): Reach {
  const plain = reach.filter(({ column }) => column.kind.family !== 'json');
  if (draw.chance(60)) return draw.pick(plain);
  const family = draw.pick<Family>(['number', 'text', 'boolean']);
  return reachTo(expressionOf(draw, reach, family), family);
}

/** So that an operator takes all of it. */
function inBrackets({ path, column }: Reach): Reach {
  return { path: `(${path})`, column };
}

function drawAggregate(draw: Draw, reach: readonly Reach[], filtered: readonly Reach[], mayBeDistinct = true): Reach {
  const { call, family } = drawCall(draw, reach, mayBeDistinct);
  if (filtered.length === 0 || draw.chance(70)) return reachTo(call, family);
  const filter = `${draw.pick(['filter (where', 'FILTER (WHERE'])} ${condition(draw, filtered, 1)})`;
  return reachTo(`${call} ${filter}`, family);
}

function drawCall(draw: Draw, reach: readonly Reach[], mayBeDistinct: boolean): { call: string; family: Family } {
  const name = draw.pick(['count', 'count', 'count', 'sum', 'sum', 'avg', 'avg', 'min', 'max'] as const);
  if (name === 'count') return { call: drawCount(draw, reach, mayBeDistinct), family: 'number' };
  const fit = name === 'sum' || name === 'avg' ? NUMBERS : ORDERED;
  const family = draw.pick(fit);
  const column = draw.pick([null, ...reach.filter(({ column }) => fit.includes(column.kind.family))]);
  if (column) return { call: `${name}(${column.path})`, family: column.column.kind.family };
  return { call: `${name}(${expressionOf(draw, reach, family)})`, family: family === 'text' ? 'text' : 'number' };
}

const NUMBERS: readonly Family[] = ['number', 'double'];
const ORDERED: readonly Family[] = ['number', 'double', 'text', 'time'];

function drawCount(draw: Draw, reach: readonly Reach[], mayBeDistinct: boolean): string {
  if (draw.chance(30)) return draw.pick(['count(*)', 'COUNT(*)']);
  if (!mayBeDistinct || draw.chance(40)) return `count(${draw.pick(reach).path})`;
  const plain = reach.filter(({ column }) => column.kind.family !== 'json');
  return `count(distinct ${draw.chance(60) ? draw.pick(plain).path : drawExpression(draw, reach, 1)})`;
}

function expressionOf(draw: Draw, reach: readonly Reach[], family: Family): string {
  const nested = reach.filter(({ column }) => column.kind.family === 'json');
  if (family === 'text') return text(draw, reach, draw.count(0, 2));
  if (family === 'boolean') return condition(draw, reach, 1);
  if (nested.length === 0 || draw.chance(50)) return number(draw, reach, draw.count(0, 2));
  const [step, type] = draw.pick([
    ['n', 'integer'],
    ['n', 'numeric'],
    ['d', 'numeric'],
  ] as const);
  return `cast(${draw.pick(nested).path}${steps([step])} as ${type})`;
}

function drawFrame(draw: Draw, reach: readonly Reach[]): string {
  const plain = reach.filter(({ column }) => column.kind.family !== 'json');
  const listed = (count: number, item: () => string): string => Array.from({ length: count }, item).join(', ');
  const operand = (): string => (draw.chance(80) ? draw.pick(plain).path : number(draw, reach, 1));
  const order = (): string =>
    operand() + draw.pick(['', '', ' asc', ' desc', ' DESC', ' nulls first', ' desc nulls last', ' ASC NULLS LAST']);
  const [partitions, orders] = [draw.pick([0, 1, 1, 2]), draw.pick([0, 1, 1, 2])];
  return [
    ...(partitions > 0 ? [`partition by ${listed(partitions, operand)}`] : []),
    ...(orders > 0 ? [`order by ${listed(orders, order)}`] : []),
  ].join(' ');
}

function reachTo(path: string, family: Family): Reach {
  return { path, column: { name: '', kind: { type: '', family, values: [] } } };
}
