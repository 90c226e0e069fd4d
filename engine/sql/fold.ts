import type { Type } from '../change.ts';
import type { Aggregation } from '../expression/group/aggregation.ts';
import { type Dialect, sayOperation } from './dialect.ts';

/** How an aggregate is said. */
export interface Fold {
  /** Over rows, at once; over what each brings. `over` is the window, said behind each aggregate. */
  readonly whole: (input: string, over?: string) => string;
  /** How it is taken on when rows come and go; null where it has to look at all rows again. */
  readonly kept: Kept | null;
}

/** An aggregate that follows from counts and, of a sum, a state. */
export interface Kept {
  readonly value: (rows: string, values: string, state: string) => string;
  readonly state: KeptState | null;
}

export interface KeptState {
  readonly of: (input: string) => string;
  readonly zero: string;
  readonly add: (a: string, b: string) => string;
  /** The state of the same rows taken away. */
  readonly negate: (state: string) => string;
}

export function foldOf(aggregation: Aggregation, of: Type | null, dialect: Dialect): Fold {
  const say = (operation: string, ...args: string[]) => sayOperation(operation, args, [of], dialect);
  switch (aggregation.fold) {
    case 'rows':
      return {
        whole: (_, over = '') => dialect.count(`count(*)${over}`),
        kept: { value: (rows) => rows, state: null },
      };
    case 'count':
      return {
        whole: (input, over = '') => dialect.count(`count(${input})${over}`),
        kept: { value: (_, values) => values, state: null },
      };
    case 'distinct': {
      const told = toldApart(of);
      return { whole: (input) => dialect.count(`count(DISTINCT ${told ? say(told, input) : input})`), kept: null };
    }
    case 'min':
    case 'max':
      return { whole: (input, over = '') => say(`${aggregation.fold}_${aggregation.kind}`, input) + over, kept: null };
    default:
      return sumOf(aggregation, say);
  }
}

function sumOf(
  { fold, of, kind }: Extract<Aggregation, { fold: 'sum' | 'avg' }>,
  say: (operation: string, ...args: string[]) => string,
): Fold {
  const sum = (each: string) => {
    if (kind === 'double') return say('exact_to_double', each);
    return kind === 'dynamic' ? say('numeric_to_dynamic', each) : each;
  };
  const average = (values: string, each: string) => {
    if (kind === 'double') return say('average_double', sum(each), say('integer_to_double', values));
    const quotient = say('divide_numeric', each, say('integer_to_numeric', values));
    return kind === 'dynamic' ? say('numeric_to_dynamic', quotient) : quotient;
  };
  const value = (values: string, each: string) => (fold === 'sum' ? sum(each) : average(values, each));
  const state: KeptState = {
    of: (input) => say(`sum_${kind}`, of === 'integer' ? say('integer_to_numeric', input) : input),
    zero: kind === 'double' ? "'0 0 0'" : "'0'",
    add: (a, b) => say(kind === 'double' ? 'add_exact' : 'add_numeric', a, b),
    negate: (a) => say(kind === 'double' ? 'negate_exact' : 'negate_numeric', a),
  };
  return {
    whole: (input, over = '') => value(`count(${input})${over}`, state.of(input) + over),
    kept: { value: (_, values, each) => `CASE WHEN ${values} > 0 THEN ${value(values, each)} END`, state },
  };
}

/** What is one for PostgreSQL may be stored in several ways. */
function toldApart(type: Type | null): string | null {
  if (type === 'character') return 'key_character';
  return type === 'timestamptz' ? 'key_instant' : null;
}
