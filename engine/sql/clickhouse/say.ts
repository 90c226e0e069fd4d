/** How functions of ClickHouse are written: each is one expression over its arguments, put in the place of its call. */

/** By name, what makes a function. */
export type Functions = Readonly<Record<string, string>>;

/** A function by its arguments and what is put in its place. */
export function define(name: string, args: readonly string[], body: string): Functions {
  return { [name]: `CREATE OR REPLACE FUNCTION ${name} AS (${args.join(', ')}) -> ${body};` };
}

/**
 * `body` over names for values, so that each is written once however often it is used: an argument that stood there
 * several times would double a nest of calls with each level. A function's own arguments stand in the values of its first
 * names alone: further in they would be taken for names of the same spelling.
 */
export function bind(values: Readonly<Record<string, string>>, body: string): string {
  const arrays = Object.values(values).map((value) => `[${value}]`);
  return `arrayMap((${Object.keys(values).join(', ')}) -> ${body}, ${arrays.join(', ')})[1]`;
}

/** A value, if nothing is bad; NULL is not bad, but what stands below it may be anything. */
export function unless(bad: string, why: string, value: string): string {
  return `if(throwIf(ifNull(${bad}, FALSE), '${why}') = 0, ${value}, NULL)`;
}

/** `body` over the two sides of a division, `x` and `y`; what divides NULL is NULL, and so no 0. */
export function divided(values: Readonly<Record<'x' | 'y', string>>, body: string): string {
  return bind({ x: values.x, w: values.y }, bind({ y: 'if(x IS NULL, NULL, w)' }, body));
}

/** A text as a literal. */
export function text(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\0', '\\0')}'`;
}
