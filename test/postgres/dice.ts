/** Chance that can be had again: the same seed gives the same throws on every machine. */
export interface Dice {
  /** A whole number from 0 up to, but not including, `count`. */
  below(count: number): number;
  chance(percent: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** One of several, each as often as its weight says. */
  weigh<T>(...choices: readonly (readonly [weight: number, choice: T])[]): T;
}

/** The generator is mulberry32: 32 bits of state, good enough to vary a test. */
export function diceOf(seed: number): Dice {
  let state = Math.imul(seed, 0x9e3779b1);
  const throwOnce = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count: number): number => Math.floor(throwOnce() * count);
  const pick = <T>(list: readonly T[]): T => {
    if (list.length === 0) throw new RangeError('there is nothing to pick from');
    return list[below(list.length)] as T;
  };
  return {
    below,
    pick,
    chance: (percent) => below(100) < percent,
    weigh: (...choices) => pick(choices.flatMap(([weight, choice]) => Array.from({ length: weight }, () => choice))),
  };
}
