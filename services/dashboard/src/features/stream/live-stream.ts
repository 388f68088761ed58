import type { LiveClock } from './live-clock.ts';

export const liveEventNames = ['reading', 'alert', 'model', 'refetch'] as const;
export type LiveEventName = (typeof liveEventNames)[number];

/** `down`: the connection is being retried; meanwhile, live queries poll. */
export interface StreamState {
  status: 'off' | 'connecting' | 'open' | 'down';
  /** When the status last changed, by the clock of the browser. */
  since: number;
}

/** The part of the browser's `EventSource` that is used here. */
export interface StreamSource {
  readonly readyState: number;
  addEventListener: (name: string, listener: (event: { data?: unknown }) => void) => void;
  close: () => void;
}

interface StreamWiring {
  open: () => StreamSource;
  clock: LiveClock;
  onEvent: (name: LiveEventName, text: unknown) => void;
  /** Called when the stream is open again; `isGap`: events in between were lost. */
  onReturn: (isGap: boolean) => void;
  onState: (state: StreamState) => void;
}

const closed = 2;
const firstRetryMs = 1000;
const longestRetryMs = 15_000;

/**
 * Keeps one source open until the returned function is called. After a lost connection, the browser reconnects by
 * itself and sends the id of the last event, so no event is lost. After a response that is not a stream it gives up;
 * then a new source is opened, and the events in between are lost.
 */
export function followStream({ open, clock, onEvent, onReturn, onState }: StreamWiring): () => void {
  let source: StreamSource | null = null;
  let cancelRetry = () => {};
  let retryMs = firstRetryMs;
  let status: StreamState['status'] = 'off';
  let isGap = false;
  let hasBeenOpen = false;

  function become(next: StreamState['status']) {
    if (status === next) return;
    status = next;
    onState({ status, since: clock.now() });
  }

  function connect() {
    const opened = open();
    source = opened;
    const listen = (name: string, listener: (event: { data?: unknown }) => void) =>
      opened.addEventListener(name, (event) => {
        if (source === opened) listener(event);
      });
    listen('open', welcome);
    listen('error', lose);
    for (const name of liveEventNames) listen(name, ({ data }) => onEvent(name, data));
  }

  function welcome() {
    become('open');
    retryMs = firstRetryMs;
    if (hasBeenOpen || isGap) onReturn(isGap);
    hasBeenOpen = true;
    isGap = false;
  }

  function lose() {
    become('down');
    if (source?.readyState !== closed) return;
    isGap = true;
    cancelRetry = clock.after(retryMs, connect);
    retryMs = Math.min(retryMs * 2, longestRetryMs);
  }

  become('connecting');
  connect();
  return () => {
    cancelRetry();
    const last = source;
    source = null;
    last?.close();
    become('off');
  };
}
