import { describe, expect, test } from 'vitest';
import { createFakeClock } from '../testing/fake-clock.ts';
import { findMax } from './find-max.ts';
import { createMeasures, type Report } from './measures.ts';

const empty = createMeasures({ clock: createFakeClock().clock, utilization: () => 0.25 }).report();

type Simulated = {
  /** Rows per second that the API takes. */
  capacity: number;
  /** What happens beyond it. */
  beyond?: 'slow' | 'shed' | 'drop';
  /** Beyond this, the sender cannot follow. */
  senderCapacity?: number;
};

function simulate({ capacity, beyond = 'slow', senderCapacity = Number.POSITIVE_INFINITY }: Simulated) {
  const steps: { rate: number; ms: number }[] = [];
  const send = async (rate: number, ms: number): Promise<Report> => {
    steps.push({ rate, ms });
    const isOver = rate > capacity;
    const p99 = isOver && beyond === 'slow' ? 500 : 10;
    const offered = (rate * ms) / 1000;
    return {
      ...empty,
      offered,
      dropped: isOver && beyond === 'drop' ? offered * 0.05 : 0,
      requests: offered,
      shed_503: isOver && beyond === 'shed' ? offered * 0.02 : 0,
      rows_per_second: Math.min(rate, capacity),
      latency_ms: { p50: 1, p75: 2, p90: 3, p95: 4, p99, p99_9: p99, mean: 2, max: p99 },
      sender_limit: rate > senderCapacity ? 'the sender was the limit: it is tired' : null,
    };
  };
  return { send, steps };
}

async function find({ startRate = 100, ...simulated }: Simulated & { startRate?: number }) {
  const { send, steps } = simulate(simulated);
  const lines: string[] = [];
  const stop = new AbortController();
  const limits = { p99Ms: 50, shedShare: 0.01 };
  const log = (line: string) => lines.push(line);
  const found = await findMax({ send, startRate, limits, holdMs: 30_000, log, stop: stop.signal });
  return { found, steps, lines };
}

describe('findMax', () => {
  test.each([
    [2345, 'slow', 'p99 500.0 ms'],
    [777, 'shed', '2.0 % answered 429 or 503'],
    [10_000, 'drop', '5.0 % dropped'],
  ] as const)(
    'finds %i rows/s within 5 %% where more is too much: %s',
    async (capacity, beyond, limitedBy) => {
      const { found } = await find({ capacity, beyond });
      expect(found.heldRate).toBeLessThanOrEqual(capacity);
      expect(found.heldRate).toBeGreaterThan(capacity / 1.05);
      expect(found).toMatchObject({ limitedBy, senderLimit: null });
    },
  );

  test('holds what it reports, and prints each step', async () => {
    const { found, steps, lines } = await find({ capacity: 1000 });
    expect(steps.at(-1)).toEqual({ rate: found.heldRate, ms: 30_000 });
    expect(lines).toHaveLength(steps.length);
    expect(lines[0]).toBe('step: 100 rows/s for 20 s: 100 accepted/s, p99 10.0 ms, held');
  });

  test('goes down where the first rate is too much already', async () => {
    const { found } = await find({ capacity: 10, startRate: 5000 });
    expect(found.heldRate).toBe(10);
  });

  test('reports no rate where none is held', async () => {
    const { found } = await find({ capacity: 0 });
    expect(found).toMatchObject({ heldRate: null, held: null, limitedBy: 'p99 500.0 ms' });
  });

  test('takes a limit that is broken once for an accident', async () => {
    const { send, steps } = simulate({ capacity: 1000 });
    const unlucky = (rate: number, ms: number) => send(steps.length === 2 ? 5000 : rate, ms);
    const limits = { p99Ms: 50, shedShare: 0.01 };
    const { signal: stop } = new AbortController();
    const log = () => undefined;
    const found = await findMax({ send: unlucky, startRate: 100, limits, holdMs: 30_000, log, stop });
    expect(found.heldRate).toBeGreaterThan(1000 / 1.05);
  });

  test('lowers the rate where it is not held for long', async () => {
    const { send } = simulate({ capacity: 1000 });
    const short = (rate: number, ms: number) => send(ms === 30_000 ? rate * 1.12 : rate, ms);
    const stop = new AbortController();
    const limits = { p99Ms: 50, shedShare: 0.01 };
    const found = await findMax({
      ...{ send: short, startRate: 500, limits, holdMs: 30_000 },
      ...{ log: () => undefined, stop: stop.signal },
    });
    expect(found.heldRate).toBeGreaterThan(800);
    expect(found.heldRate).toBeLessThanOrEqual(893);
  });

  test('says when the sender itself was the limit', async () => {
    const { found, lines } = await find({ capacity: 1000, senderCapacity: 900 });
    expect(found.senderLimit).toBe('the sender was the limit: it is tired');
    expect(lines.some((line) => line.endsWith('the sender was the limit: it is tired'))).toBe(true);
  });

  test('ends when stopped', async () => {
    const { send } = simulate({ capacity: 1000 });
    const stop = new AbortController();
    let sent = 0;
    const found = await findMax({
      send: (rate, ms) => {
        sent += 1;
        stop.abort();
        return send(rate, ms);
      },
      ...{ startRate: 10, limits: { p99Ms: 50, shedShare: 0.01 }, holdMs: 30_000 },
      ...{ log: () => undefined, stop: stop.signal },
    });
    expect(sent).toBe(1);
    expect(found.heldRate).toBeNull();
  });
});
