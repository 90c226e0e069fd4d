import fc from 'fast-check';
import { NAMES } from './name.ts';

/** Draws of one random case. They shrink towards 0, the first of a list, and no chance. */
export interface Draw {
  /** A whole number, both ends included. */
  readonly count: (from: number, to: number) => number;
  readonly pick: <T>(list: readonly [T, ...T[]] | readonly T[]) => T;
  /** True in so many of a hundred cases. */
  readonly chance: (percent: number) => boolean;
  /** What tables, columns and aliases may be called. */
  readonly names: readonly string[];
}

/** An arbitrary of whatever is made with draws. */
export function drawn<T>(make: (draw: Draw) => T): fc.Arbitrary<T> {
  return fc.gen().map((generate) => make(drawBy((from, to) => generate(evenly, from, to), NAMES)));
}

/** The same thing made twice by the same draws, with odd names and with plain ones. */
export function drawnTwice<T>(make: (draw: Draw) => T): fc.Arbitrary<{ readonly odd: T; readonly plain: T }> {
  return fc.gen().map((generate) => {
    const counts: number[] = [];
    const odd = drawBy((from, to) => counts[counts.push(generate(evenly, from, to)) - 1] ?? from, NAMES);
    let place = 0;
    const plain = drawBy((from) => counts[place++] ?? from, PLAIN);
    const both = { odd: make(odd), plain: make(plain) };
    if (place !== counts.length) throw new Error('what was drawn depends on names');
    return both;
  });
}

const PLAIN = NAMES.map((_, place) => `name_${place}`);

function drawBy(count: Draw['count'], names: readonly string[]): Draw {
  const pick = <T>(list: readonly T[]): T => {
    if (list.length === 0) throw new RangeError('nothing to pick from');
    return list[count(0, list.length - 1)] as T;
  };
  return { count, pick, chance: (percent) => count(1, 100) > 100 - percent, names };
}

/** As many as asked for, each other than those before, taken out of a list of more. */
export function pickSeveral<T>(draw: Draw, list: readonly T[], count: number): T[] {
  const left = [...list];
  return Array.from({ length: count }, () => left.splice(draw.count(0, left.length - 1), 1)).flat();
}

/** Without the favour that fast-check shows to the ends of a range. */
function evenly(min: number, max: number): fc.Arbitrary<number> {
  return fc.noBias(fc.integer({ min, max }));
}
