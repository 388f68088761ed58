import type { Clock } from './clock.ts';

export type Log = (line: string) => void;

/** Logs the first lines of a kind and counts the others, so that a bad file cannot fill the disk with its log. */
export function createBoundedLog({ log, kind, limit = 20 }: { log: Log; kind: string; limit?: number }): Log {
  let count = 0;
  return (line) => {
    count += 1;
    if (count <= limit) log(line);
    if (count === limit + 1) log(`further ${kind} are counted but not listed`);
  };
}

const minIntervalMs = 10_000;

export type OutageLog = ReturnType<typeof createOutageLog>;

/** Logs once when requests begin to be retried, and once when one is answered again. */
export function createOutageLog({ log, clock }: { log: Log; clock: Clock }) {
  let isOut = false;
  let loggedAtMs = Number.NEGATIVE_INFINITY;
  return {
    onRetry: (reason: string) => {
      if (isOut || clock.elapsed() - loggedAtMs < minIntervalMs) return;
      isOut = true;
      loggedAtMs = clock.elapsed();
      log(`retrying until the API answers: ${reason}`);
    },
    onAnswer: () => {
      if (!isOut) return;
      isOut = false;
      log('the API answers again');
    },
  };
}
