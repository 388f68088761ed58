import type { StreamSource } from './live-stream.ts';
import type { HubMessage } from './stream-hub.ts';
import type { HubRequest } from './stream-worker.ts';

type Listener = (event: { data?: unknown }) => void;

const closed = 2;
/** Some browsers of phones have no shared workers. */
let canShare = 'SharedWorker' in globalThis;

/** Follows the stream of a sensor type; undefined: of the default type. All windows share one connection. */
export function openStream(type: string | undefined): StreamSource {
  const url = type === undefined ? '/api/stream' : `/api/stream?type=${encodeURIComponent(type)}`;
  return canShare ? openShared(url) : new EventSource(url);
}

function openShared(url: string): StreamSource {
  const worker = new SharedWorker(new URL('./stream-worker.ts', import.meta.url), { type: 'module' });
  const listeners = new Map<string, Listener[]>();
  let readyState = 0;

  function receive({ name, data, readyState: state }: HubMessage) {
    if (readyState === closed) return;
    readyState = state;
    for (const listener of listeners.get(name) ?? []) listener({ data });
  }

  function send(request: HubRequest) {
    worker.port.postMessage(request);
  }

  function close() {
    removeEventListener('pagehide', lose);
    readyState = closed;
    send({ url: null });
    worker.port.close();
  }

  /** The page may come back from the cache of the browser; then the stream is opened again. */
  function lose() {
    send({ url: null });
    receive({ name: 'error', data: undefined, readyState: closed });
  }

  worker.onerror = () => {
    canShare = false;
    lose();
  };
  worker.port.onmessage = ({ data }: MessageEvent<HubMessage>) => receive(data);
  addEventListener('pagehide', lose);
  send({ url: new URL(url, location.href).href });
  return {
    get readyState() {
      return readyState;
    },
    addEventListener: (name, listener) => listeners.set(name, [...(listeners.get(name) ?? []), listener]),
    close,
  };
}
