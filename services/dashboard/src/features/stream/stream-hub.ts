import type { followStream, StreamMessage } from './follow-stream.ts';

/** A window. */
interface HubPort {
  postMessage: (message: StreamMessage) => void;
}

interface Feed {
  ports: Set<HubPort>;
  stop: () => void;
  /** Sent to a window that joins later: whether the stream is open, and the model. */
  status: StreamMessage | undefined;
  model: StreamMessage | undefined;
}

/** Browsers open at most six connections to a server. The others are left to requests. */
const maxFeeds = 3;

/** Lets any number of windows follow one stream per URL. A window whose stream would be one too many waits for its turn. */
export function createStreamHub(follow: typeof followStream) {
  const feeds = new Map<string, Feed>();
  const waiting = new Map<HubPort, string>();

  function start(url: string): Feed {
    const ports = new Set<HubPort>();
    const feed: Feed = { ports, stop: () => {}, status: undefined, model: undefined };
    feed.stop = follow(url, (message) => {
      if (message.name === 'open' || message.name === 'down') feed.status = message;
      if (message.name === 'model') feed.model = message;
      for (const port of ports) port.postMessage(message);
    });
    feeds.set(url, feed);
    return feed;
  }

  function join(url: string, port: HubPort): void {
    if (feeds.size >= maxFeeds && !feeds.has(url)) {
      waiting.set(port, url);
      port.postMessage({ name: 'down' });
      return;
    }
    const { ports, status, model } = feeds.get(url) ?? start(url);
    ports.add(port);
    for (const message of [status, model]) if (message !== undefined) port.postMessage(message);
  }

  /** The last window to leave a stream closes it. */
  function leave(port: HubPort): void {
    waiting.delete(port);
    for (const [url, { ports, stop }] of feeds) {
      if (!ports.delete(port) || ports.size > 0) continue;
      stop();
      feeds.delete(url);
    }
    const others = [...waiting];
    waiting.clear();
    for (const [other, url] of others) join(url, other);
  }

  return { join, leave };
}
