/** Why an attempt to bring metrics up to date is undone, and how it is made again. */

/** The state was moved on by another run since it was read: what was read from the source since then is of no use. */
export class Overtaken extends Error {}

/** Metrics can't go on together: each has to go on alone from where they are, its state opened so. */
export class Apart extends Error {
  readonly opening: Opening;

  constructor(opening: Opening) {
    super();
    this.opening = opening;
  }
}

/** Several metrics are stopped together, each for its reason. */
export class Stopped extends Error {
  readonly reasons: readonly unknown[];

  constructor(reasons: readonly unknown[]) {
    super();
    this.reasons = reasons;
  }
}

/** What becomes of a state that is there: it is gone on with, made the plan's where another one made it, or forgotten. */
export type Opening = 'as it is' | 'migrate' | 'refresh';
