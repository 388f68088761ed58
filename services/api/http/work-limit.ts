import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import pLimit from 'p-limit';
import { ApiError } from './errors.ts';

/** Runs the work when its turn comes. @throws ApiError `overloaded`, and any error of the work */
export type WorkLimit = <T>(work: () => T | Promise<T>) => Promise<T>;

const callsPerTurn = 200;

interface WorkLimitOptions {
  /** Plural name of the limited work, for the error detail: `exports`. */
  what: string;
  concurrency: number;
  /** How many further calls may wait for their turn. */
  maxWaiting: number;
  retryAfterSeconds?: number;
}

/** Limits expensive work and yields to the event loop before each call, so that other requests are not starved. */
export function createWorkLimit(options: WorkLimitOptions): WorkLimit {
  const { what, concurrency, maxWaiting, retryAfterSeconds } = options;
  const limit = pLimit(concurrency);
  return async (work) => {
    const started = limit.activeCount + limit.pendingCount;
    if (started >= concurrency + maxWaiting) {
      const detail = `${started} ${what} are already in progress. Try again later.`;
      throw new ApiError('overloaded', {
        detail,
        ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
      });
    }
    return limit(async () => {
      await yieldToEventLoop();
      return work();
    });
  };
}

/** Calls `visit` with 0 … count − 1 in order, and yields to the event loop after every 200 calls. */
export async function forEachYielding(count: number, visit: (index: number) => void): Promise<void> {
  for (let index = 0; index < count; index++) {
    if (index > 0 && index % callsPerTurn === 0) await yieldToEventLoop();
    visit(index);
  }
}
