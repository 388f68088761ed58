import { liveEventNames, type StreamSource } from './live-stream.ts';

/** An event of a stream, for the windows that follow it. */
export interface HubMessage {
  /** `open`, `error`, or the name of a live event. */
  name: string;
  data: unknown;
  /** Of the source. */
  readyState: number;
}

/** A window. */
export interface HubPort {
  postMessage: (message: HubMessage) => void;
}

interface Feed {
  source: StreamSource;
  ports: Set<HubPort>;
  /** The newest `model` event, which begins every stream. */
  model: unknown;
}

const [isOpen, isClosed] = [1, 2];

/** Browsers open at most six connections to a server. The others are left to requests. */
const maxFeeds = 3;

/** Lets any number of windows follow one stream per URL. A window that would need one stream too many polls and tries again. */
export function createStreamHub(open: (url: string) => StreamSource) {
  const feeds = new Map<string, Feed>();

  function start(url: string): Feed {
    const feed: Feed = { source: open(url), ports: new Set(), model: undefined };
    const { source, ports } = feed;
    for (const name of ['open', 'error', ...liveEventNames]) {
      source.addEventListener(name, ({ data }) => {
        if (name === 'model') feed.model = data;
        // The windows open another stream when they retry.
        if (source.readyState === isClosed && feeds.get(url) === feed) feeds.delete(url);
        for (const port of ports) port.postMessage({ name, data, readyState: source.readyState });
      });
    }
    feeds.set(url, feed);
    return feed;
  }

  return {
    /** @returns a function that leaves the stream, which the last window to leave closes */
    join(url: string, port: HubPort): () => void {
      if (feeds.size >= maxFeeds && !feeds.has(url)) {
        port.postMessage({ name: 'error', data: undefined, readyState: isClosed });
        return () => {};
      }
      const feed = feeds.get(url) ?? start(url);
      const { source, ports, model } = feed;
      ports.add(port);
      if (source.readyState === isOpen) {
        port.postMessage({ name: 'open', data: undefined, readyState: isOpen });
        if (model !== undefined) port.postMessage({ name: 'model', data: model, readyState: isOpen });
      }
      return () => {
        ports.delete(port);
        if (ports.size > 0) return;
        source.close();
        if (feeds.get(url) === feed) feeds.delete(url);
      };
    },
  };
}
