/**
 * Random expressions that PostgreSQL accepts and can always evaluate, but for `daringCondition`: no divisor is 0, no product
 * overflows, and no text is cast that might be no number.
 */
import type { Draw } from './draw.ts';
import { pathText, quoted } from './name.ts';
import { type Family, type RandomColumn, STEPS } from './table.ts';

/** What an expression can speak of: a path as it is written, and the column it leads to. */
export interface Reach {
  readonly path: string;
  readonly column: RandomColumn;
}

type Make = (draw: Draw, reach: readonly Reach[], depth: number) => string;

/** A number, text or truth value of any shape, at most so deep. */
export function drawExpression(draw: Draw, reach: readonly Reach[], depth: number): string {
  return draw.pick([number, text, condition])(draw, reach, depth);
}

export const condition: Make = (draw, reach, depth) =>
  depth === 0
    ? nullTest(draw, reach, depth)
    : draw.pick([nullTest, comparison, comparison, membership, range, likeness, connection, negation])(
        draw,
        reach,
        depth - 1,
      );

export const number: Make = (draw, reach, depth) =>
  depth === 0
    ? (leaf(draw, reach, 'number') ?? draw.pick(['0', '2', '1.5', '9007199254740993', '.25', '1e2']))
    : draw.pick([number, sum, product, quotient, numberCall, numberCase])(draw, reach, depth - 1);

export const text: Make = (draw, reach, depth) =>
  depth === 0
    ? (leaf(draw, reach, 'text') ?? quoted(draw.pick(['a', '', "it's", 'Ä b', '%'])))
    : draw.pick([text, concatenation, textCall, textCase, writtenOther, nested])(draw, reach, depth - 1);

/** A condition that can't be computed of some rows. */
export function daringCondition(draw: Draw, reach: readonly Reach[]): string {
  return draw.pick([
    `cast(lower(${text(draw, reach, 0)}) as numeric) >= 1`,
    `1 / (${number(draw, reach, 0)}) >= 0`,
    `coalesce(cast(trim(${text(draw, reach, 0)}) as integer) > 0, ${condition(draw, reach, 1)})`,
  ]);
}

const nullTest: Make = (draw, reach) => `${draw.pick(reach).path} ${draw.pick(['is null', 'IS NOT NULL'])}`;

const comparison: Make = (draw, reach, depth) => {
  const [left, right] = draw.chance(50)
    ? [number(draw, reach, depth), number(draw, reach, depth)]
    : [text(draw, reach, depth), text(draw, reach, depth)];
  return `(${left}) ${draw.pick(['=', '<>', '!=', '<', '<=', '>', '>='])} (${right})`;
};

const membership: Make = (draw, reach, depth) => {
  const operand = number(draw, reach, depth);
  return `(${operand}) ${draw.pick(['in', 'not in'])} (1, ${number(draw, reach, 0)}${draw.chance(20) ? ', NULL' : ''})`;
};

const range: Make = (draw, reach, depth) =>
  `(${text(draw, reach, depth)}) ${draw.pick(['between', 'not between'])} 'A' and (${text(draw, reach, 0)})`;

const likeness: Make = (draw, reach, depth) =>
  `(${text(draw, reach, depth)}) ${draw.pick(['like', 'not like'])} ${quoted(draw.pick(['%a%', '_', 'a\\%%', '', 'A_', '%']))}`;

const connection: Make = (draw, reach, depth) =>
  `(${condition(draw, reach, depth)} ${draw.pick(['and', 'or'])} ${condition(draw, reach, depth)})`;

const negation: Make = (draw, reach, depth) => `not (${condition(draw, reach, depth)})`;

const sum: Make = (draw, reach, depth) =>
  `(${number(draw, reach, depth)} ${draw.pick(['+', '-'])} ${number(draw, reach, 0)})`;

const product: Make = (draw, reach) => `${number(draw, reach, 0)} * ${draw.pick(['-2', '0.5', '3'])}`;

const quotient: Make = (draw, reach, depth) =>
  `(${number(draw, reach, depth)}) ${draw.pick(['/', '%'])} ${draw.pick(['3', '-2', '0.7', `nullif(${number(draw, reach, 0)}, 0)`])}`;

const numberCall: Make = (draw, reach, depth) => {
  const inner = number(draw, reach, depth);
  const year = leaf(draw, reach, 'time');
  return draw.pick([
    `abs(${inner})`,
    `round(cast(${inner} as numeric), ${draw.pick(['0', '1', '-1'])})`,
    `coalesce(${inner}, ${number(draw, reach, 0)})`,
    `nullif(${inner}, 1)`,
    `length(${text(draw, reach, depth)})`,
    `-(${inner})`,
    ...(year ? [`year(${year})`, `month(${year}) * 100 + day(${year})`, `hour(${year})`] : []),
  ]);
};

const numberCase: Make = (draw, reach, depth) =>
  `case when ${condition(draw, reach, depth)} then ${number(draw, reach, depth)} else ${number(draw, reach, 0)} end`;

const concatenation: Make = (draw, reach, depth) => `(${text(draw, reach, depth)} || ${text(draw, reach, 0)})`;

const textCall: Make = (draw, reach, depth) => {
  const inner = text(draw, reach, depth);
  return draw.pick([
    `upper(${inner})`,
    `LOWER(${inner})`,
    `trim(${inner})`,
    `substr(${inner}, ${draw.pick(['1', '2', '-1', '0'])}, ${draw.pick(['1', '2', '30'])})`,
    `substr(${inner}, 2)`,
    `replace(${inner}, 'a', 'ä')`,
    `coalesce(${inner}, ${text(draw, reach, 0)})`,
    `nullif(${inner}, 'a')`,
  ]);
};

const textCase: Make = (draw, reach, depth) =>
  `case ${text(draw, reach, depth)} when 'a' then ${text(draw, reach, depth)} when ${text(draw, reach, 0)} then 'x' end`;

/** Other values as the text that PostgreSQL writes. */
const writtenOther: Make = (draw, reach) => {
  const other = leaf(draw, reach, draw.pick(['uuid', 'time', 'boolean'] as const));
  return `cast(${other ?? number(draw, reach, 1)} as text)`;
};

const nested: Make = (draw, reach, depth) => {
  const json = leaf(draw, reach, 'json');
  return json ? json + steps(draw.pick(STEPS).steps) : text(draw, reach, depth);
};

function leaf(draw: Draw, reach: readonly Reach[], family: Family): string | null {
  const fit = reach.filter(({ column }) => column.kind.family === family);
  return fit.length === 0 || draw.chance(25) ? null : draw.pick(fit).path;
}

/** Steps as they stand behind a path. */
export function steps(list: readonly (string | number)[]): string {
  return pathText(['', ...list]).replace(/^""/, '');
}
