import { describe, expect, test } from 'vitest';
import { keepFollowing } from './keep-following.ts';

describe('keepFollowing', () => {
  test('waits between two looks, and looks no more once it is stopped', async () => {
    let looks = 0;
    const waits: number[] = [];
    let endWait = () => {};
    const following = keepFollowing({
      follow: async () => {
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
