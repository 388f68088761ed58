/** Counts of answers and failures, by which faults are timed. */
export interface Progress {
  answers: () => number;
  /** Answers to readings that were stored before. */
  duplicates: () => number;
  failures: () => number;
  longestOutageMs: () => number;
  addAnswers: (count: number, duplicates: number) => void;
  addFailure: () => void;
  /** @throws whatever `abort` was given */
  until: (isReached: () => boolean) => Promise<void>;
  abort: (reason: Error) => void;
  /** The reason, once aborted. */
  aborted: () => Error | undefined;
  end: () => void;
}

interface Waiting {
  isReached: () => boolean;
  resolve: () => void;
  reject: (reason: Error) => void;
}

interface ProgressOptions {
  now: () => number;
  /** Without an answer for this long, the system counts as not recovering. */
  stuckMs: number;
}

export function createProgress({ now, stuckMs }: ProgressOptions): Progress {
  let answers = 0;
  let duplicates = 0;
  let failures = 0;
  let lastAnswer = now();
  let longestOutageMs = 0;
  let aborted: Error | undefined;
  let waiting: Waiting[] = [];

  function wake(): void {
    const reached = waiting.filter(({ isReached }) => isReached());
    waiting = waiting.filter((one) => !reached.includes(one));
    for (const { resolve } of reached) resolve();
  }

  function abort(reason: Error): void {
    aborted ??= reason;
    for (const { reject } of waiting) reject(aborted);
    waiting = [];
  }

  const watchdog = setInterval(() => {
    if (now() - lastAnswer > stuckMs) abort(new Error(`no reading was answered for ${stuckMs / 1000} s`));
  }, 1000);

  return {
    answers: () => answers,
    duplicates: () => duplicates,
    failures: () => failures,
    longestOutageMs: () => longestOutageMs,
    addAnswers(count, countDuplicates) {
      answers += count;
      duplicates += countDuplicates;
      longestOutageMs = Math.max(longestOutageMs, now() - lastAnswer);
      lastAnswer = now();
      wake();
    },
    addFailure() {
      failures += 1;
      wake();
    },
    until(isReached) {
      if (aborted) return Promise.reject(aborted);
      return new Promise((resolve, reject) => {
        waiting.push({ isReached, resolve, reject });
        wake();
      });
    },
    abort,
    aborted: () => aborted,
    end: () => clearInterval(watchdog),
  };
}
