/** After so many items in a row it is somebody else's turn. */
const TURN = 256;

/** What is not there within so many ms has not been written yet. */
const PAUSE = 50;

/** The same items, and null whenever the next one is not there yet; also now and then where they never cease to come. */
export async function* pausing<T>(items: AsyncGenerator<T>): AsyncGenerator<T | null> {
  let next = items.next();
  for (let turn = 1; ; turn++) {
    const came = turn % TURN === 0 ? null : await soon(next);
    if (came === null) yield null;
    else if (came.done) return;
    else {
      yield came.value;
      next = items.next();
    }
  }
}

/** Null if that takes long; whoever asks again waits for the same. */
async function soon<T>(promise: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const pause = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, PAUSE, null);
  });
  try {
    return await Promise.race([promise, pause]);
  } finally {
    clearTimeout(timer);
  }
}
