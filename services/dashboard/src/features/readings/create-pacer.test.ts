import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTestClock } from '../stream/test-clock.ts';
import { createPacer } from './create-pacer.ts';

function createRuns(durationMs: number) {
  const clock = createTestClock();
  const startedAt: number[] = [];
  const endedAt: number[] = [];
  const pacer = createPacer({
    clock,
    intervalMs: 600,
    settleMs: 40,
    run: () => {
      startedAt.push(clock.now());
      return new Promise<void>((resolve) => {
        clock.after(durationMs, () => {
          endedAt.push(clock.now());
          resolve();
        });
      });
    },
  });
  return { clock, pacer, startedAt, endedAt };
}

describe('createPacer', () => {
  test('runs once for requests that arrive together', async () => {
    const { clock, pacer, startedAt } = createRuns(10);
    for (let request = 0; request < 50; request++) pacer.request();
    await clock.advance(5000);
    expect(startedAt).toEqual([40]);
  });

  test('keeps the interval under many requests and runs after the last one', async () => {
    const { clock, pacer, startedAt } = createRuns(10);
    for (let step = 0; step < 200; step++) {
      pacer.request();
      await clock.advance(10);
    }
    await clock.advance(5000);
    expect(startedAt).toEqual([40, 640, 1240, 1840, 2440]);
  });

  test('never overlaps runs and loses no request while a run is slow', async () => {
    const steps = fc.array(fc.integer({ min: 1, max: 900 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 0, max: 2000 }), async (pauses, durationMs) => {
        const { clock, pacer, startedAt, endedAt } = createRuns(durationMs);
        let requestedAt = Number.NEGATIVE_INFINITY;
        for (const pauseMs of pauses) {
          await clock.advance(pauseMs);
          pacer.request();
          requestedAt = clock.now();
        }
        await clock.advance(10_000);
        if (pauses.length > 0) expect(startedAt.at(-1)).toBeGreaterThanOrEqual(requestedAt);
        for (const [index, start] of startedAt.slice(1).entries()) {
          expect(start).toBeGreaterThanOrEqual(endedAt[index] ?? Number.POSITIVE_INFINITY);
          expect(start - (startedAt[index] ?? 0)).toBeGreaterThanOrEqual(600);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('does not run after stop()', async () => {
    const { clock, pacer, startedAt } = createRuns(10);
    pacer.request();
    pacer.stop();
    await clock.advance(5000);
    expect(startedAt).toEqual([]);
  });
});
