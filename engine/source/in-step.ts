/**
 * Gives the items of one generator to several takers, each of which gets all of them, one after the other.
 *
 * They go in step: the next item is made when every taker has asked for it, and so has done with the last one. Who stops
 * early does not hold up the others; with the last of them the generator is closed. What it throws, all get.
 */
export function inStep<T>(items: AsyncGenerator<T>, takers: number): () => AsyncGenerator<T> {
  let asking: ((next: Promise<IteratorResult<T>>) => void)[] = [];
  let taking = takers;
  const step = () => {
    if (asking.length < taking) return;
    const [all, next] = [asking, items.next()];
    asking = [];
    for (const give of all) give(next);
  };
  const ask = () =>
    new Promise<IteratorResult<T>>((give) => {
      asking.push(give);
      step();
    });
  const leave = async () => {
    taking--;
    if (taking > 0) step();
    else await items.return(undefined);
  };
  return async function* () {
    try {
      for (let next = await ask(); !next.done; next = await ask()) yield next.value;
    } finally {
      await leave();
    }
  };
}
