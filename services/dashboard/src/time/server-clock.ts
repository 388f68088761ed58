/** The API's clock as far as known: live windows end at its "now", however wrong the viewer's clock is. */
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
