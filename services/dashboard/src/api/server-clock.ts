/** An estimate of the API's clock, so that live windows end at its "now" even if the clock of the browser is wrong. */
export interface ServerClock {
  now: () => number;
  observe: (serverTime: string) => void;
}

export function createServerClock(viewerNow: () => number): ServerClock {
  let offsetMs = 0;
  return {
    now: () => viewerNow() + offsetMs,
    observe: (serverTime) => {
      offsetMs = Date.parse(serverTime) - viewerNow();
    },
  };
}
