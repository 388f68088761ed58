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
});
