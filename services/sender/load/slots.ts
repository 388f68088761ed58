import type { Clock } from '../clock.ts';

export type Slots = ReturnType<typeof createSlots>;

/** Runs so many at a time, and no more. A fault in one of them is thrown to who asks next. */
export function createSlots(count: number, clock: Clock) {
  let busy = 0;
  let freeSinceMs = Number.NEGATIVE_INFINITY;
  let fault: { error: unknown } | undefined;
  let wake = () => {};

  async function until(isEnough: () => boolean): Promise<void> {
    while (!isEnough()) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (fault) throw fault.error;
  }

  return {
    /** Resolves to since when there is a free one: minus infinity where all along. */
    async free(): Promise<number> {
      const mustWait = busy >= count;
      await until(() => busy < count);
      if (mustWait) freeSinceMs = clock.elapsed();
      return freeSinceMs;
    },
    run(send: () => Promise<void>): void {
      busy += 1;
      send()
        .catch((error: unknown) => {
          fault ??= { error };
        })
        .finally(() => {
          busy -= 1;
          wake();
        });
    },
    /** Resolves once none is busy. */
    idle: () => until(() => busy === 0),
  };
}
