/** What two streams have under one number. */
type Both<A, B> = readonly [number: bigint, as: readonly A[], bs: readonly B[]];

/** Goes through two streams that are ordered by number, and gives for each number what both have. */
export function* sideBySide<A, B>(
  as: Iterable<readonly [bigint, A]>,
  bs: Iterable<readonly [bigint, B]>,
): Generator<Both<A, B>> {
  const [left, right] = [grouped(as), grouped(bs)];
  try {
    let [a, b] = [left.next(), right.next()];
    while (!a.done || !b.done) {
      const first = compare(a.done ? null : a.value[0], b.done ? null : b.value[0]);
      const number = (first <= 0 ? a.value : b.value) as readonly [bigint, unknown];
      yield [number[0], first <= 0 && !a.done ? a.value[1] : [], first >= 0 && !b.done ? b.value[1] : []];
      if (first <= 0) a = left.next();
      if (first >= 0) b = right.next();
    }
  } finally {
    // Where one of them fails, the other is closed too: a database waits for all that is read of it.
    left.return(undefined);
    right.return(undefined);
  }
}

/** The end, null, stands behind all numbers. */
function compare(a: bigint | null, b: bigint | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a < b ? -1 : Number(a > b);
}

function* grouped<T>(items: Iterable<readonly [bigint, T]>): Generator<readonly [bigint, readonly T[]]> {
  let current = null as { readonly number: bigint; readonly items: T[] } | null;
  for (const [number, item] of items) {
    if (current?.number === number) current.items.push(item);
    else {
      if (current) yield [current.number, current.items];
      current = { number, items: [item] };
    }
  }
  if (current) yield [current.number, current.items];
}
