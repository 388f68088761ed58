import { describe, expect, test } from 'vitest';
import { followStream, type StreamSource, type StreamState } from './live-stream.ts';
import { createTestClock } from './test-clock.ts';

interface ScriptedSource extends StreamSource {
  readyState: number;
  isClosed: boolean;
  say: (name: string, data?: string) => void;
  /** Simulates a lost connection. The browser reconnects, unless the response was not a stream. */
  breakOff: (readyState: 0 | 2) => void;
}

function createSource(): ScriptedSource {
  const listeners: [string, (event: { data?: unknown }) => void][] = [];
  const source: ScriptedSource = {
    readyState: 0,
    isClosed: false,
    addEventListener: (name, listener) => listeners.push([name, listener]),
    close: () => {
      source.isClosed = true;
    },
    say: (name, data) => {
      if (name === 'open') source.readyState = 1;
      for (const [listened, listener] of listeners) if (listened === name) listener({ data });
    },
    breakOff: (readyState) => {
      source.readyState = readyState;
      source.say('error');
    },
  };
  return source;
}

function follow() {
  const clock = createTestClock();
  const sources: ScriptedSource[] = [];
  const states: StreamState['status'][] = [];
  const events: [string, unknown][] = [];
  const returns: boolean[] = [];
  const stop = followStream({
    clock,
    open: () => {
      const source = createSource();
      sources.push(source);
      return source;
    },
    onEvent: (name, text) => events.push([name, text]),
    onReturn: (isGap) => returns.push(isGap),
    onState: ({ status }) => states.push(status),
  });
  return { clock, sources, states, events, returns, stop, last: () => sources.at(-1) ?? createSource() };
}

describe('followStream', () => {
  test('passes events on', () => {
    const { last, states, events, returns } = follow();
    last().say('open');
    last().say('reading', '{}');
    last().say('refetch', '{"reason":"too_old"}');
    expect(states).toEqual(['connecting', 'open']);
    expect(events).toEqual([
      ['reading', '{}'],
      ['refetch', '{"reason":"too_old"}'],
    ]);
    expect(returns).toEqual([]);
  });

  test('lets the browser reconnect after a lost connection', async () => {
    const { clock, last, sources, states, returns } = follow();
    last().say('open');
    last().breakOff(0);
    await clock.advance(60_000);
    expect(sources).toHaveLength(1);
    last().say('open');
    expect(states).toEqual(['connecting', 'open', 'down', 'open']);
    expect(returns).toEqual([false]);
  });

  test('opens a new source after a response that is not a stream, and reports a gap', async () => {
    const { clock, last, sources, returns } = follow();
    last().say('open');
    last().breakOff(2);
    await clock.advance(999);
    expect(sources).toHaveLength(1);
    await clock.advance(1);
    expect(sources).toHaveLength(2);
    last().say('open');
    expect(returns).toEqual([true]);
  });

  test('backs off up to 15 s, and resets the backoff once open', async () => {
    const { clock, last, sources } = follow();
    for (const waitMs of [1000, 2000, 4000, 8000, 15_000, 15_000]) {
      const before = sources.length;
      last().breakOff(2);
      await clock.advance(waitMs - 1);
      expect(sources).toHaveLength(before);
      await clock.advance(1);
      expect(sources).toHaveLength(before + 1);
    }
    last().say('open');
    last().breakOff(2);
    const before = sources.length;
    await clock.advance(1000);
    expect(sources).toHaveLength(before + 1);
  });

  test('passes nothing on after it is stopped', async () => {
    const { clock, last, sources, states, events, stop } = follow();
    last().say('open');
    last().breakOff(2);
    stop();
    await clock.advance(60_000);
    last().say('reading', '{}');
    expect(sources).toHaveLength(1);
    expect(last().isClosed).toBe(true);
    expect(events).toEqual([]);
    expect(states.at(-1)).toBe('off');
  });
});
