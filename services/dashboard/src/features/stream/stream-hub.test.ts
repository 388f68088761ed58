import { describe, expect, test } from 'vitest';
import type { StreamMessage } from './follow-stream.ts';
import { createStreamHub } from './stream-hub.ts';

function createPort() {
  const received: StreamMessage[] = [];
  return { received, postMessage: (message: StreamMessage) => void received.push(message) };
}

/** A hub whose streams say what the test makes them say. */
function createHub() {
  const open = new Map<string, (message: StreamMessage) => void>();
  const hub = createStreamHub((url, receive) => {
    open.set(url, receive);
    return () => open.delete(url);
  });
  return { hub, open };
}

const readings = { name: 'readings', data: '[]' } as const;
const model = { name: 'model', data: '{"model":"m"}' } as const;

describe('createStreamHub', () => {
  test('opens one stream for any number of windows, and closes it with the last', () => {
    const { hub, open } = createHub();
    const ports = Array.from({ length: 8 }, createPort);
    for (const port of ports) hub.join('/stream', port);
    expect([...open.keys()]).toEqual(['/stream']);
    open.get('/stream')?.(readings);
    expect(ports.map(({ received }) => received)).toEqual(Array(8).fill([readings]));
    for (const port of ports.slice(1)) hub.leave(port);
    expect(open.size).toBe(1);
    if (ports[0]) hub.leave(ports[0]);
    expect(open.size).toBe(0);
  });

  test('tells a window that joins later whether the stream is open, and the model', () => {
    const { hub, open } = createHub();
    hub.join('/stream', createPort());
    for (const message of [{ name: 'open' }, model, readings] as const) open.get('/stream')?.(message);
    const late = createPort();
    hub.join('/stream', late);
    expect(late.received).toEqual([{ name: 'open' }, model]);
  });

  test('lets a window wait whose stream would be one too many', () => {
    const { hub, open } = createHub();
    const ports = Array.from({ length: 4 }, createPort);
    for (const [index, port] of ports.entries()) hub.join(`/stream?type=${index}`, port);
    expect(open.size).toBe(3);
    expect(ports[3]?.received).toEqual([{ name: 'down' }]);
    if (ports[1]) hub.leave(ports[1]);
    expect([...open.keys()]).toEqual(['/stream?type=0', '/stream?type=2', '/stream?type=3']);
    open.get('/stream?type=3')?.({ name: 'open' });
    expect(ports[3]?.received.at(-1)).toEqual({ name: 'open' });
  });
});
