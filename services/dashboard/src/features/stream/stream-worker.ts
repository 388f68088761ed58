import { createStreamHub } from './stream-hub.ts';

/** A window asks for the stream of a URL, and for none when it leaves. */
export interface HubRequest {
  url: string | null;
}

// A shared worker: one for all windows of the dashboard.
const hub = createStreamHub((url) => new EventSource(url));

globalThis.addEventListener('connect', (event) => {
  const [port] = (event as MessageEvent).ports; // the scope of a shared worker is not among the types of the DOM
  if (port === undefined) return;
  let leave = () => {};
  port.onmessage = ({ data }: MessageEvent<HubRequest>) => {
    leave();
    leave = data.url === null ? () => {} : hub.join(data.url, port);
  };
});
