import type { Log } from '../bounded-log.ts';
import type { Clock } from '../clock.ts';

const minSilenceMs = 10_000;

export type AwayLog = ReturnType<typeof createAwayLog>;

/** Says once that the API does not take what is sent, and once that it does again. */
export function createAwayLog({ log, clock }: { log: Log; clock: Clock }) {
  let isAway = false;
  let saidAt = Number.NEGATIVE_INFINITY;
  return {
    onRetry: (reason: string) => {
      if (isAway || clock.elapsed() - saidAt < minSilenceMs) return;
      isAway = true;
      saidAt = clock.elapsed();
      log(`trying again until it is answered: ${reason}`);
    },
    onAnswer: () => {
      if (!isAway) return;
      isAway = false;
      log('the API answers again');
    },
  };
}
