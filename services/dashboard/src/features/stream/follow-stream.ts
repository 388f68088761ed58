const eventNames = ['readings', 'alert', 'incidents', 'model', 'refetch'] as const;

/** An event of `GET /stream` as it came, or a change of the connection. A client asks everything again after `open`. */
export type StreamMessage =
  | { name: (typeof eventNames)[number]; data: string }
  | { name: 'open' | 'down'; data?: never };

const firstRetryMs = 1000;
const longestRetryMs = 5000;

/**
 * Keeps a connection to the stream open until the returned function is called. The browser itself reconnects, unless the
 * answer was not a stream.
 */
export function followStream(url: string, receive: (message: StreamMessage) => void): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let retryMs = firstRetryMs;

  function connect() {
    source = new EventSource(url);
    source.onopen = () => {
      retryMs = firstRetryMs;
      receive({ name: 'open' });
    };
    source.onerror = () => {
      receive({ name: 'down' });
      if (source.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(connect, retryMs);
      retryMs = Math.min(2 * retryMs, longestRetryMs);
    };
    for (const name of eventNames)
      source.addEventListener(name, ({ data }: MessageEvent<string>) => receive({ name, data }));
  }

  connect();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
