import { describe, expect, test } from 'vitest';
import { shareAnswers } from './share-answers.ts';

function setUp() {
  const found: { resolve: (answer: string) => void; reject: (fault: Error) => void }[] = [];
  const ask = shareAnswers(
    () =>
      new Promise<string>((resolve, reject) => {
        found.push({ resolve, reject });
      }),
  );
  return { ask, found };
}

describe('shareAnswers', () => {
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
