import { type LiveEventName, liveEventNames } from './live-batch.ts';
import type { LiveClock } from './live-clock.ts';

/** `down`: it is tried again and again; what is followed is asked for meanwhile. */
export interface StreamState {
  status: 'off' | 'connecting' | 'open' | 'down';
  /** Since when it is so, by the viewer's clock. */
  since: number;
}

/** What of the browser's `EventSource` is made use of. */
export interface StreamSource {
  readonly readyState: number;
  addEventListener: (name: string, listener: (event: { data?: unknown }) => void) => void;
  close: () => void;
}

interface StreamWiring {
  open: () => StreamSource;
  clock: LiveClock;
  onEvent: (name: LiveEventName, text: unknown) => void;
  /** It is open again; `isGap`: what came meanwhile is missing. */
  onReturn: (isGap: boolean) => void;
  onState: (state: StreamState) => void;
}

const closed = 2;
const firstRetryMs = 1000;
const longestRetryMs = 15_000;

/**
 * Keeps one source open until it is stopped. After a connection that broke off, the browser itself reconnects and
 * names the last event it saw, so that nothing is missing; after an answer that is no stream, it gives up, and another
 * source is opened, which knows of nothing before.
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
