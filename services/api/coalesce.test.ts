import { describe, expect, test } from 'vitest';
import { cacheBriefly, coalesce } from './coalesce.ts';

function setUp() {
  const found: { resolve: (answer: string) => void; reject: (fault: Error) => void }[] = [];
  const get = coalesce(
    () =>
      new Promise<string>((resolve, reject) => {
        found.push({ resolve, reject });
      }),
  );
  return { get, found };
}

describe('coalesce', () => {
  test('runs one call at a time; calls during a run share the next one', async () => {
    const { get, found } = setUp();
    const first = get();
    const [second, third] = [get(), get()];
    expect(found).toHaveLength(1);
    found[0]?.resolve('a');
    expect(await first).toBe('a');
    await expect.poll(() => found.length).toBe(2);
    const fourth = get();
    found[1]?.resolve('b');
    expect(await Promise.all([second, third])).toEqual(['b', 'b']);
    await expect.poll(() => found.length).toBe(3);
    found[2]?.resolve('c');
    expect(await fourth).toBe('c');
    expect(found).toHaveLength(3);
  });

  test('starts a new run for a call after the last result', async () => {
    const { get, found } = setUp();
    const first = get();
    found[0]?.resolve('a');
    expect(await first).toBe('a');
    await Promise.resolve();
    const second = get();
    await expect.poll(() => found.length).toBe(2);
    found[1]?.resolve('b');
    expect(await second).toBe('b');
  });

  test('rejects the calls of a failed run, and continues', async () => {
    const { get, found } = setUp();
    const first = get();
    const second = get();
    found[0]?.reject(new Error('unavailable'));
    await expect(first).rejects.toThrow('unavailable');
    await expect.poll(() => found.length).toBe(2);
    found[1]?.resolve('b');
    expect(await second).toBe('b');
  });
});

function createProbe() {
  let nowMs = 0;
  const started: { resolve: (answer: number) => void; reject: (error: Error) => void }[] = [];
  const find = () => new Promise<number>((resolve, reject) => void started.push({ resolve, reject }));
  const get = cacheBriefly(find, { maxAgeMs: 1000, clock: () => nowMs });
  function pass(ms: number): void {
    nowMs += ms;
  }
  return { started, get, pass };
}

describe('cacheBriefly', () => {
  test('calls `find` once within its maximum age', async () => {
    const { started, get, pass } = createProbe();
    const first = [get(), get()];
    started[0]?.resolve(1);
    expect(await Promise.all(first)).toEqual([1, 1]);
    pass(999);
    expect(await get()).toBe(1);
    pass(1);
    const second = get();
    started[1]?.resolve(2);
    expect([await second, started.length]).toEqual([2, 2]);
  });

  test('does not start a second call while one is running', () => {
    const { started, get, pass } = createProbe();
    void get();
    pass(5000);
    void get();
    expect(started).toHaveLength(1);
  });

  test('caches an error as long as a result', async () => {
    const { started, get, pass } = createProbe();
    const first = get();
    started[0]?.reject(new Error('unavailable'));
    await expect(first).rejects.toThrow('unavailable');
    pass(1000);
    const second = get();
    started[1]?.resolve(2);
    expect(await second).toBe(2);
  });
});
