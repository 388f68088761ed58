import { describe, expect, test } from 'vitest';
import { cacheBriefly, coalesce } from './coalesce.ts';

function setUp() {
  const found: { resolve: (answer: string) => void; reject: (fault: Error) => void }[] = [];
  const ask = coalesce(
    () =>
      new Promise<string>((resolve, reject) => {
        found.push({ resolve, reject });
      }),
  );
  return { ask, found };
}

describe('coalesce', () => {
  test('finds one after the other, each for all who asked since the one before began', async () => {
    const { ask, found } = setUp();
    const first = ask();
    const [second, third] = [ask(), ask()];
    expect(found).toHaveLength(1);
    found[0]?.resolve('a');
    expect(await first).toBe('a');
    await expect.poll(() => found.length).toBe(2);
    const fourth = ask();
    found[1]?.resolve('b');
    expect(await Promise.all([second, third])).toEqual(['b', 'b']);
    await expect.poll(() => found.length).toBe(3);
    found[2]?.resolve('c');
    expect(await fourth).toBe('c');
    expect(found).toHaveLength(3);
  });

  test('answers anew who comes after', async () => {
    const { ask, found } = setUp();
    const first = ask();
    found[0]?.resolve('a');
    expect(await first).toBe('a');
    await Promise.resolve();
    const second = ask();
    await expect.poll(() => found.length).toBe(2);
    found[1]?.resolve('b');
    expect(await second).toBe('b');
  });

  test('tells a fault to those who asked, and goes on', async () => {
    const { ask, found } = setUp();
    const first = ask();
    const second = ask();
    found[0]?.reject(new Error('away'));
    await expect(first).rejects.toThrow('away');
    await expect.poll(() => found.length).toBe(2);
    found[1]?.resolve('b');
    expect(await second).toBe('b');
  });
});

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
