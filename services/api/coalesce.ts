/**
 * Lets concurrent callers share one call of `find`, which never runs twice at the same time. A call that comes while
 * one is running gets the result of the next, so that no result is older than its call.
 */
export function coalesce<T>(find: () => Promise<T>): () => Promise<T> {
  let running: Promise<unknown> | undefined;
  let next: Promise<T> | undefined;

  function start(): Promise<T> {
    next = undefined;
    const answer = find();
    const over = answer
      .catch(() => undefined) // its callers handle it
      .then(() => {
        if (running === over && next === undefined) running = undefined;
      });
    running = over;
    return answer;
  }

  return () => {
    if (running === undefined) return start();
    next ??= running.then(start);
    return next;
  };
}

interface CacheOptions {
  maxAgeMs: number;
  /** Milliseconds that never go back. */
  clock?: () => number;
}

/** Asks at most once in `maxAgeMs`, however many want to know; those who ask meanwhile share the answer. */
export function cacheBriefly<T>(
  find: () => Promise<T>,
  { maxAgeMs, clock = () => performance.now() }: CacheOptions,
): () => Promise<T> {
  let answer: Promise<T> | undefined;
  let askedMs = 0;
  let isSettled = false;

  function ask(): Promise<T> {
    askedMs = clock();
    isSettled = false;
    const asked = find().finally(() => {
      isSettled = true;
    });
    asked.catch(() => undefined); // whoever asked handles it
    return asked;
  }

  return () => {
    if (answer === undefined || (isSettled && clock() - askedMs >= maxAgeMs)) answer = ask();
    return answer;
  };
}
