export interface ReceivedEvent {
  event: string;
  data: unknown;
}

export interface EventReader {
  status: number;
  headers: Headers;
  /** Resolves with the next event, or with `{ event: 'end' }` at the end of the stream. */
  next: () => Promise<ReceivedEvent>;
  /** Resolves with the next `count` events of this type, skipping others. @throws Error if the stream ends before */
  take: (event: string, count: number) => Promise<ReceivedEvent[]>;
  close: () => void;
}

/** Parses one event. A comment gives an event with an empty name. */
function parseEvent(block: string): ReceivedEvent {
  const received = { event: '', data: undefined as unknown };
  for (const line of block.split('\n')) {
    const [field, value = ''] = line.split(/: ?(.*)/s);
    if (field === 'event') received.event = value;
    if (field === 'data') received.data = JSON.parse(value);
  }
  return received;
}

/** Opens a stream of server-sent events like the EventSource of a browser. */
export async function readEvents(url: string): Promise<EventReader> {
  const abort = new AbortController();
  const answer = await fetch(url, { signal: abort.signal });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';

  async function next(): Promise<ReceivedEvent> {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end >= 0) {
        const received = parseEvent(text.slice(0, end));
        text = text.slice(end + 2);
        if (received.event !== '') return received;
        continue;
      }
      const chunk = await reader?.read().catch(() => undefined);
      if (!chunk || chunk.done) return { event: 'end', data: undefined };
      text += chunk.value;
    }
  }

  async function take(event: string, count: number): Promise<ReceivedEvent[]> {
    const taken: ReceivedEvent[] = [];
    while (taken.length < count) {
      const received = await next();
      if (received.event === 'end')
        throw new Error(`the stream ended after ${taken.length} of ${count} events`);
      if (received.event === event) taken.push(received);
    }
    return taken;
  }

  return { status: answer.status, headers: answer.headers, next, take, close: () => abort.abort() };
}
