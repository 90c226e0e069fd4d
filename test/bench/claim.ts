import { type Figure, figureOf, ratio } from './statistics.ts';

/** Something that is measured and held against what it must be at most. */
export interface Claim {
  readonly what: string;
  /** A ratio of two figures, or bytes. */
  readonly unit: 'ratio' | 'bytes';
  readonly figure: Figure;
  readonly must?: number;
  /** What would be better still, the easier first. */
  readonly stretch?: readonly number[];
}

/** How the median stands to the limits; nothing where there are none. */
export function verdictOf({ figure: { median }, must, stretch = [] }: Claim): string {
  if (Number.isNaN(median)) return 'not measured';
  if (must === undefined && stretch.length === 0) return '';
  if (must !== undefined && median > must) return 'not met';
  const reached = stretch.filter((limit) => median <= limit).length;
  if (reached > 0) return reached === stretch.length ? 'stretch met' : 'first stretch met';
  return must === undefined ? 'stretch not met' : 'met';
}

export type Limits = Pick<Claim, 'must' | 'stretch'>;

/** How many times the other one, of the values of runs; NaN where there are none. */
export function ratioClaim(what: string, one: readonly number[], other: readonly number[], limits: Limits): Claim {
  return { what, unit: 'ratio', figure: ratio(figureOf(one), figureOf(other)), ...limits };
}
