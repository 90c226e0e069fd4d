import { hints } from './messages.ts';

/** Longer names are never a slip of the finger, and the comparison costs the product of the lengths. */
const LONGEST = 100;

/** The most names a hint lists. */
const MOST_LISTED = 12;

/**
 * The known name that is spelled almost like `name`, if there is one.
 *
 * A slip is one letter changed, left out, added or swapped with its neighbour, or other case; three in ten letters are
 * allowed. The measure is the one of graphql-js (`suggestionList`), with a smaller budget.
 */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(name.length * 0.3)) + 1;
  for (const candidate of known) {
    const slips = slipsBetween(name, candidate, least - 1);
    // A name of which every letter changed is another name.
    if (slips < least && slips < Math.max(name.length, candidate.length)) {
      best = candidate;
      least = slips;
    }
  }
  return best;
}

/** A hint for a name that is not known: the near one, or a short list of what exists. */
export function suggestion(name: string, known: readonly string[]): string | undefined {
  const near = nearest(name, known);
  if (near !== undefined) return hints.near(near);
  return known.length > 0 && known.length <= MOST_LISTED ? hints.known(known) : undefined;
}

/** Edits between two names, 1 if only the case differs, Infinity where they are more than `budget`. */
function slipsBetween(a: string, b: string, budget: number): number {
  if (a === b) return 0;
  const [from, to] = [a.toLowerCase(), b.toLowerCase()];
  if (from === to) return 1;
  if (Math.abs(from.length - to.length) > budget || Math.max(from.length, to.length) > LONGEST) return Infinity;
  return editDistance(from, to);
}

/** Optimal string alignment: insertions, deletions, changes, and swaps of neighbours. */
function editDistance(from: string, to: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const changed = cell(last, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const swapped = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1] ? cell(beforeLast, j - 2) + 1 : Infinity;
      row.push(Math.min(cell(last, j) + 1, cell(row, j - 1) + 1, changed, swapped));
    }
    beforeLast = last;
    last = row;
  }
  return cell(last, to.length);
}

function cell(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
