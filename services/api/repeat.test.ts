import { describe, expect, test } from 'vitest';
import { repeat } from './repeat.ts';

describe('repeat', () => {
  test('pauses after each time, and does no more once it is stopped', async () => {
    let looks = 0;
    const waits: number[] = [];
    let endWait = () => {};
    const following = repeat({
      work: async () => {
        looks += 1;
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
    expect([looks, waits]).toEqual([1, [1000]]);
    endWait();
    await turn();
    expect([looks, waits]).toEqual([2, [1000, 1000]]);
    following.stop();
    await turn();
    expect(looks).toBe(2);
  });
});
