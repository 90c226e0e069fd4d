import type { Derivation } from '../store/derive/derivation.ts';
import type { Roots } from '../store/derive/derive.ts';
import type { Target } from './target.ts';

/** A relation that was made of computed rows and brought up to date: what derives the metric from it, and for which of its rows. */
export interface Made {
  readonly derivation: Derivation;
  readonly roots: Roots;
  /** Where the computed rows are kept; null where there are none. */
  readonly rows: Target | null;
}
