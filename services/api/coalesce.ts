/**
 * Wraps `find` so that it never runs twice at the same time. Calls during a run share the next run, so that a result is
 * never older than the call that receives it.
 */
export function coalesce<T>(find: () => Promise<T>): () => Promise<T> {
  let running: Promise<unknown> | undefined;
  let next: Promise<T> | undefined;

  function start(): Promise<T> {
    next = undefined;
    const answer = find();
    const over = answer
      .catch(() => undefined) // the callers handle it
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
  /** A monotonic clock, in milliseconds. */
  clock?: () => number;
}

/** Caches the result of `find`, errors included, for `maxAgeMs`. Concurrent callers share one call. */
export function cacheBriefly<T>(
  find: () => Promise<T>,
  { maxAgeMs, clock = () => performance.now() }: CacheOptions,
): () => Promise<T> {
  let cached: Promise<T> | undefined;
  let startedMs = 0;
  let isSettled = false;

  function refresh(): Promise<T> {
    startedMs = clock();
    isSettled = false;
    const result = find().finally(() => {
      isSettled = true;
    });
    result.catch(() => undefined); // the callers handle it
    return result;
  }

  return () => {
    if (cached === undefined || (isSettled && clock() - startedMs >= maxAgeMs)) cached = refresh();
    return cached;
  };
}
