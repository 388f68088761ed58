import { describe, expect, test } from 'vitest';
import { createStreamHub, type HubMessage } from './stream-hub.ts';

function createSources() {
  const opened: ReturnType<typeof createSource>[] = [];
  const hub = createStreamHub((url) => {
    const source = createSource(url);
    opened.push(source);
    return source;
  });
  return { hub, opened };
}

function createSource(url: string) {
  const listeners = new Map<string, (event: { data?: unknown }) => void>();
  return {
    url,
    readyState: 0,
    addEventListener: (name: string, listener: (event: { data?: unknown }) => void) =>
      listeners.set(name, listener),
    close() {
      this.readyState = 2;
    },
    emit(name: string, readyState: number, data?: unknown) {
      this.readyState = readyState;
      listeners.get(name)?.({ data });
    },
  };
}

function createPort() {
  const received: string[] = [];
  return {
    received,
    postMessage: ({ name, data }: HubMessage) => received.push(data === undefined ? name : `${name} ${data}`),
  };
}

describe('createStreamHub', () => {
  test('opens one stream for any number of windows, which all get its events', () => {
    const { hub, opened } = createSources();
    const ports = Array.from({ length: 8 }, createPort);
    for (const port of ports) hub.join('/stream', port);
    expect(opened.map(({ url }) => url)).toEqual(['/stream']);
    opened[0]?.emit('open', 1);
    opened[0]?.emit('reading', 1, 'r');
    for (const { received } of ports) expect(received).toEqual(['open', 'reading r']);
  });

  test('tells a window that joins later that the stream is open, and the model', () => {
    const { hub, opened } = createSources();
    hub.join('/stream', createPort());
    opened[0]?.emit('open', 1);
    opened[0]?.emit('model', 1, 'm1');
    opened[0]?.emit('reading', 1, 'before');
    const late = createPort();
    hub.join('/stream', late);
    opened[0]?.emit('reading', 1, 'after');
    expect(late.received).toEqual(['open', 'model m1', 'reading after']);
  });

  test('keeps the streams of several types apart', () => {
    const { hub, opened } = createSources();
    const [one, other] = [createPort(), createPort()];
    hub.join('/stream', one);
    hub.join('/stream?type=pump', other);
    opened[1]?.emit('reading', 1, 'r');
    expect([opened.length, one.received, other.received]).toEqual([2, [], ['reading r']]);
  });

  test('leaves connections to requests when windows follow many types', () => {
    const { hub, opened } = createSources();
    const leave = ['a', 'b', 'c'].map((url) => hub.join(url, createPort()));
    const port = createPort();
    hub.join('d', port);
    hub.join('c', createPort());
    expect([opened.length, port.received]).toEqual([3, ['error']]);
    leave[0]?.();
    hub.join('d', port);
    opened[3]?.emit('open', 1);
    expect([opened.length, port.received]).toEqual([4, ['error', 'open']]);
  });

  test('closes a stream when the last window leaves it', () => {
    const { hub, opened } = createSources();
    const leave = [hub.join('/stream', createPort()), hub.join('/stream', createPort())];
    leave[0]?.();
    expect(opened[0]?.readyState).toBe(0);
    leave[1]?.();
    expect(opened[0]?.readyState).toBe(2);
    hub.join('/stream', createPort());
    expect(opened).toHaveLength(2);
  });

  test('opens another stream after one that the browser gave up', () => {
    const { hub, opened } = createSources();
    const port = createPort();
    const leave = hub.join('/stream', port);
    opened[0]?.emit('error', 0);
    hub.join('/stream', createPort());
    expect(opened).toHaveLength(1); // the browser reconnects
    opened[0]?.emit('error', 2);
    hub.join('/stream', createPort());
    leave();
    expect([opened.length, opened[1]?.readyState, port.received]).toEqual([2, 0, ['error', 'error']]);
  });
});
