import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { createProgress } from './progress.ts';

function setUp(isTerminal: boolean) {
  const output = Object.assign(new PassThrough(), { isTTY: isTerminal, columns: 120 });
  const ticks: { ms: number; action: () => void }[] = [];
  let sent = 0;
  const progress = createProgress({
    output,
    isTerminal,
    clock: {
      every: (ms, action) => {
        ticks.push({ ms, action });
        return () => ticks.splice(0);
      },
    },
    describe: () => `${sent} sent`,
  });
  const advanceTo = (count: number) => {
    sent = count;
  };
  const text = () => String(output.read() ?? '');
  return { progress, ticks, advanceTo, text };
}

describe('createProgress', () => {
  test('logs the state every 10 s where there is no terminal', () => {
    const { progress, ticks, advanceTo, text } = setUp(false);
    progress.start(1000);
    advanceTo(20);
    expect(ticks.map(({ ms }) => ms)).toEqual([10_000]);
    ticks[0]?.action();
    progress.log('a fault');
    expect(text()).toBe('20 sent\na fault\n');
    progress.stop();
    expect(ticks).toEqual([]);
  });

  test('draws a bar on a terminal, and loses no line of the log', () => {
    const { progress, advanceTo, text } = setUp(true);
    progress.log('before');
    progress.start(1000);
    progress.update(500);
    advanceTo(7);
    progress.log('a fault');
    progress.stop();
    const drawn = text();
    expect(drawn).toMatch(/^before\n/);
    expect(drawn).toContain('a fault\n');
    expect(drawn).toContain('50 % of the file | 7 sent');
  });
});
