import type { Sleep } from '../clock.ts';

export type Alarm = ReturnType<typeof createAlarm>;

/** Sleep that ends early for all who sleep, as soon as there is something to do. */
export function createAlarm(sleep: Sleep) {
  let ringing = new AbortController();
  return {
    /** To be taken before looking whether there is something to do, so that no ringing is missed. */
    set: () => {
      const { signal } = ringing;
      return (ms: number, other: AbortSignal) => sleep(ms, AbortSignal.any([signal, other]));
    },
    ring: () => {
      ringing.abort();
      ringing = new AbortController();
    },
  };
}
