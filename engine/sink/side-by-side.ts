/** What two streams have under one key. */
type Both<K, A, B> = readonly [key: K, as: readonly A[], bs: readonly B[]];

/** Goes through two streams in the order of their keys, and gives for each key what both have. */
export function* sideBySide<K, A, B>(
  as: Iterable<readonly [K, A]>,
  bs: Iterable<readonly [K, B]>,
  compare: (a: K, b: K) => number,
): Generator<Both<K, A, B>> {
  const [left, right] = [grouped(as, compare), grouped(bs, compare)];
  try {
    let [a, b] = [left.next(), right.next()];
    while (!a.done || !b.done) {
      const order = a.done ? 1 : b.done ? -1 : compare(a.value[0], b.value[0]);
      if (order < 0 && !a.done) yield [a.value[0], a.value[1], []];
      else if (order > 0 && !b.done) yield [b.value[0], [], b.value[1]];
      else if (!a.done && !b.done) yield [a.value[0], a.value[1], b.value[1]];
      if (order <= 0) a = left.next();
      if (order >= 0) b = right.next();
    }
  } finally {
    // Where one of them fails, the other is closed too: a database waits for all that is read of it.
    left.return(undefined);
    right.return(undefined);
  }
}

function* grouped<K, T>(
  items: Iterable<readonly [K, T]>,
  compare: (a: K, b: K) => number,
): Generator<readonly [K, readonly T[]]> {
  let current = null as { readonly key: K; readonly items: T[] } | null;
  for (const [key, item] of items) {
    if (current && compare(current.key, key) === 0) current.items.push(item);
    else {
      if (current) yield [current.key, current.items];
      current = { key, items: [item] };
    }
  }
  if (current) yield [current.key, current.items];
}
