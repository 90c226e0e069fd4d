/** Of several runs of one thing: what it can do, and what it does. */
export interface Figure {
  readonly best: number;
  readonly median: number;
}

/** The smallest and the middle one. */
export function figureOf(values: readonly number[]): Figure {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return { best: sorted[0] ?? Number.NaN, median: (low + high) / 2 };
}

/** How many times the other one: best by best, median by median. */
export function ratio(one: Figure, other: Figure): Figure {
  return { best: one.best / other.best, median: one.median / other.median };
}
