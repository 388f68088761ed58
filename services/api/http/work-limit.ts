import { setImmediate as yieldToOthers } from 'node:timers/promises';
import pLimit from 'p-limit';
import { ApiError } from './errors.ts';

/** Runs the work when its turn comes. @throws ApiError `overloaded`, or what the work throws */
export type WorkLimit = <T>(work: () => T | Promise<T>) => Promise<T>;

interface WorkLimitOptions {
  /** What is limited, in the plural, for the message: `exports`. */
  what: string;
  concurrency: number;
  /** How many more may wait for their turn. */
  maxWaiting: number;
  retryAfterSeconds?: number;
}

/** Keeps costly work from starving everything else: other requests are answered between two pieces of it. */
export function createWorkLimit(options: WorkLimitOptions): WorkLimit {
  const { what, concurrency, maxWaiting, retryAfterSeconds } = options;
  const limit = pLimit(concurrency);
  return async (work) => {
    const started = limit.activeCount + limit.pendingCount;
    if (started >= concurrency + maxWaiting) {
      const detail = `${started} ${what} are under way already. Try again later.`;
      throw new ApiError('overloaded', {
        detail,
        ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
      });
    }
    return limit(async () => {
      await yieldToOthers();
      return work();
    });
  };
}
