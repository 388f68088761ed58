/**
 * Many who ask at once share one answer, which is never older than their question: who comes while one is being found
 * waits for the next, with all others who do. At most one is being found at any time.
 */
export function shareAnswers<T>(find: () => Promise<T>): () => Promise<T> {
  let running: Promise<unknown> | undefined;
  let next: Promise<T> | undefined;

  function start(): Promise<T> {
    next = undefined;
    const answer = find();
    const over = answer
      .catch(() => undefined) // told to those who asked
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
