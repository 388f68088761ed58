import { describe, expect, test } from 'vitest';
import { cacheBriefly } from './cache-briefly.ts';

function createProbe() {
  let nowMs = 0;
  const asked: { resolve: (answer: number) => void; reject: (error: Error) => void }[] = [];
  const find = () => new Promise<number>((resolve, reject) => void asked.push({ resolve, reject }));
  const get = cacheBriefly(find, { maxAgeMs: 1000, clock: () => nowMs });
  function pass(ms: number): void {
    nowMs += ms;
  }
  return { asked, get, pass };
}

describe('cacheBriefly', () => {
  test('asks once for all who want to know within its age', async () => {
    const { asked, get, pass } = createProbe();
    const first = [get(), get()];
    asked[0]?.resolve(1);
    expect(await Promise.all(first)).toEqual([1, 1]);
    pass(999);
    expect(await get()).toBe(1);
    pass(1);
    const second = get();
    asked[1]?.resolve(2);
    expect([await second, asked.length]).toEqual([2, 2]);
  });

  test('asks one at a time, however long that takes', () => {
    const { asked, get, pass } = createProbe();
    void get();
    pass(5000);
    void get();
    expect(asked).toHaveLength(1);
  });

  test('forgets a failure like an answer', async () => {
    const { asked, get, pass } = createProbe();
    const first = get();
    asked[0]?.reject(new Error('away'));
    await expect(first).rejects.toThrow('away');
    pass(1000);
    const second = get();
    asked[1]?.resolve(2);
    expect(await second).toBe(2);
  });
});
