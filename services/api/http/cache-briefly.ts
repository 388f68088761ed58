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
