import { describe, expect, test } from 'vitest';
import { createWorkLimit } from './work-limit.ts';

describe('createWorkLimit', () => {
  test('runs `concurrency` calls, queues `maxWaiting`, and rejects the others', async () => {
    const limit = createWorkLimit({ what: 'exports', concurrency: 2, maxWaiting: 1, retryAfterSeconds: 10 });
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    let running = 0;
    let most = 0;
    const work = async (name: string) => {
      running += 1;
      most = Math.max(most, running);
      await gate;
      running -= 1;
      return name;
    };
    const answers = ['a', 'b', 'c', 'd'].map((name) => limit(() => work(name)));
    await expect(answers[3]).rejects.toMatchObject({
      code: 'overloaded',
      message: expect.stringContaining('3 exports'),
      headers: { 'Retry-After': '10' },
    });
    while (running < 2) await new Promise((resolve) => setImmediate(resolve));
    open();
    expect(await Promise.all(answers.slice(0, 3))).toEqual(['a', 'b', 'c']);
    expect(most).toBe(2);
    expect(await limit(() => 'e')).toBe('e');
  });

  test('frees the place of work that fails', async () => {
    const limit = createWorkLimit({ what: 'exports', concurrency: 1, maxWaiting: 0 });
    const fail = () => {
      throw new Error('no');
    };
    await expect(limit(fail)).rejects.toThrow('no');
    expect(await limit(() => 1)).toBe(1);
  });

  test('handles other events between synchronous pieces of work', async () => {
    const limit = createWorkLimit({ what: 'explanations', concurrency: 1, maxWaiting: 9 });
    const order: string[] = [];
    const pieces = [1, 2, 3].map((n) => limit(() => order.push(`piece ${n}`)));
    setImmediate(() => order.push('other'));
    await Promise.all(pieces);
    expect(order.indexOf('other')).toBeLessThan(2);
  });
});
