import type { Log } from '../bounded-log.ts';
import type { Clock } from '../clock.ts';

const sayEveryMs = 10_000;

/** Says why requests are tried again, but not for each of them. */
export function createRetryLog({ log, clock }: { log: Log; clock: Clock }): (reason: string) => void {
  let saidAt = Number.NEGATIVE_INFINITY;
  return (reason) => {
    const now = clock.elapsed();
    if (now - saidAt < sayEveryMs) return;
    saidAt = now;
    log(`trying again until it is answered: ${reason}`);
  };
}
