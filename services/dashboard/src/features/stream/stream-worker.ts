import { followStream } from './follow-stream.ts';
import { createStreamHub } from './stream-hub.ts';

/** A window asks for the stream of a URL, and for none when it leaves. */
export interface HubRequest {
  url: string | null;
}

// A shared worker: one for all windows of the dashboard.
const hub = createStreamHub(followStream);

globalThis.addEventListener('connect', (event) => {
  const [port] = (event as MessageEvent).ports; // the scope of a shared worker is not among the types of the DOM
  if (port === undefined) return;
  port.onmessage = ({ data: { url } }: MessageEvent<HubRequest>) => {
    hub.leave(port);
    if (url !== null) hub.join(url, port);
  };
});
