import { followStream, type StreamMessage } from './follow-stream.ts';
import type { HubRequest } from './stream-worker.ts';

type Receive = (message: StreamMessage) => void;

/** Some browsers of phones have no shared workers, and a worker may fail to load. */
let canShare = 'SharedWorker' in globalThis;

/** Whether all windows share one connection. If not, only a visible window should have one. */
export function isShared(): boolean {
  return canShare;
}

/** Follows the stream of a sensor type until the returned function is called. @param type undefined: the default type */
export function openStream(type: string | undefined, receive: Receive): () => void {
  const url = type === undefined ? '/api/stream' : `/api/stream?type=${encodeURIComponent(type)}`;
  return canShare ? openShared(new URL(url, location.href).href, receive) : followStream(url, receive);
}

function openShared(url: string, receive: Receive): () => void {
  const worker = new SharedWorker(new URL('./stream-worker.ts', import.meta.url), { type: 'module' });
  const { port } = worker;
  let stopOwn = () => {};
  const send = (request: HubRequest) => port.postMessage(request);
  const join = () => send({ url });
  const leave = () => send({ url: null });
  // The page may come back from the cache of the browser.
  const rejoin = ({ persisted }: PageTransitionEvent) => persisted && join();
  port.onmessage = ({ data }: MessageEvent<StreamMessage>) => receive(data);
  worker.onerror = () => {
    canShare = false;
    stopOwn = followStream(url, receive);
  };
  addEventListener('pagehide', leave);
  addEventListener('pageshow', rejoin);
  join();
  return () => {
    removeEventListener('pagehide', leave);
    removeEventListener('pageshow', rejoin);
    worker.onerror = null;
    leave();
    port.close();
    stopOwn();
  };
}
