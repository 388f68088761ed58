/** What the clients have come to; faults are timed by it. */
export interface Progress {
  answers: () => number;
  /** Answers of what was stored before. */
  replays: () => number;
  failures: () => number;
  longestOutageMs: () => number;
  addAnswers: (count: number, replays: number) => void;
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
  /** So long without an answer means that the system does not recover. */
  stuckMs: number;
}

export function createProgress({ now, stuckMs }: ProgressOptions): Progress {
  let answers = 0;
  let replays = 0;
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
    replays: () => replays,
    failures: () => failures,
    longestOutageMs: () => longestOutageMs,
    addAnswers(count, countReplayed) {
      answers += count;
      replays += countReplayed;
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
