/** After so many items in a row it is somebody else's turn. */
const TURN = 256;

/** What is not there within so many ms has not been written yet. */
const PAUSE = 50;

/** The same items, and null whenever the next one is not there yet; also now and then where they never cease to come. */
export async function* pausing<T>(items: AsyncGenerator<T>): AsyncGenerator<T | null> {
  for (let turn = 1; ; turn++) {
    const next = askedOf(items);
    if (turn % TURN === 0) yield null;
    while (!(await next.isHere())) yield null;
    const { done, value } = await next.result;
    if (done) return;
    yield value;
  }
}

interface Asked<T> {
  readonly result: Promise<IteratorResult<T>>;
  /** Waits for it for a while; says whether it is there. */
  readonly isHere: () => Promise<boolean>;
}

/**
 * Asks for the next item. What listens to a promise stays with it until it is settled, which may take days: so it is
 * listened to once, however often it is waited for.
 */
function askedOf<T>(items: AsyncGenerator<T>): Asked<T> {
  const result = items.next();
  let [isSettled, wake] = [false, () => {}];
  const settle = () => {
    isSettled = true;
    wake();
  };
  result.then(settle, settle);
  const wait = (done: (isHere: boolean) => void) => {
    const timer = setTimeout(done, PAUSE, false);
    wake = () => {
      clearTimeout(timer);
      done(true);
    };
  };
  return { result, isHere: async () => isSettled || new Promise(wait) };
}
