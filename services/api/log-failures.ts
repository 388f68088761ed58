import type { Logger } from 'pino';

/** Makes the work never reject: the first of consecutive failures is logged. */
export function logFailures(work: () => Promise<void>, log: Logger, message: string): () => Promise<void> {
  let isFailing = false;
  return async () => {
    try {
      await work();
      isFailing = false;
    } catch (err) {
      if (!isFailing) log.warn({ err }, message);
      isFailing = true;
    }
  };
}
