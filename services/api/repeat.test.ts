import { describe, expect, test } from 'vitest';
import { repeat } from './repeat.ts';

describe('repeat', () => {
  test('pauses after each run, and does not run again after stop', async () => {
    let runs = 0;
    const waits: number[] = [];
    let endWait = () => {};
    const loop = repeat({
      work: async () => {
        runs += 1;
      },
      intervalMs: 1000,
      wait: (ms, signal) =>
        new Promise((resolve) => {
          waits.push(ms);
          endWait = resolve;
          signal.addEventListener('abort', () => resolve());
        }),
    });
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    await turn();
    expect([runs, waits]).toEqual([1, [1000]]);
    endWait();
    await turn();
    expect([runs, waits]).toEqual([2, [1000, 1000]]);
    loop.stop();
    await turn();
    expect(runs).toBe(2);
  });

  test('pauses longer after a run that takes more than its share', async () => {
    const durations = [50, 400];
    const waits: number[] = [];
    let timeMs = 0;
    await new Promise<void>((resolve) => {
      const loop = repeat({
        work: async () => {
          timeMs += durations.shift() ?? 0;
        },
        ...{ intervalMs: 1000, maxShare: 0.2, clock: () => timeMs },
        wait: async (ms) => {
          waits.push(ms);
          if (waits.length < 2) return;
          loop.stop();
          resolve();
        },
      });
    });
    expect(waits).toEqual([1000, 1600]);
  });
});
