import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { createBoundedLog } from '../bounded-log.ts';
import { createFakeClock } from '../fake-clock.ts';
import { createProgress } from './progress.ts';
import { createRetryLog } from './retry-log.ts';

function setUp(isTerminal: boolean) {
  const output = Object.assign(new PassThrough(), { isTTY: isTerminal, columns: 120 });
  const ticks: { ms: number; action: () => void }[] = [];
  let sent = 0;
  const progress = createProgress({
    output,
    isTerminal,
    every: (ms, action) => {
      ticks.push({ ms, action });
      return () => ticks.splice(0);
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
  test('says every 10 s how things are where nobody watches', () => {
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

  test('draws on a terminal how much of the file is sent, and loses no line', () => {
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

describe('createBoundedLog', () => {
  test('names the first faults, then says that it counts', () => {
    const lines: string[] = [];
    const log = createBoundedLog({ log: (line) => lines.push(line), limit: 2, kind: 'bad rows' });
    for (const line of ['a', 'b', 'c', 'd']) log(line);
    expect(lines).toEqual(['a', 'b', 'further bad rows are counted, not named']);
  });
});

describe('createRetryLog', () => {
  test('says the reason at most every 10 s', () => {
    const lines: string[] = [];
    const { clock, advance } = createFakeClock();
    const log = createRetryLog({ log: (line) => lines.push(line), clock });
    for (const [reason, ms] of [
      ['a', 9999],
      ['b', 1],
      ['c', 0],
    ] as const) {
      log(reason);
      advance(ms);
    }
    expect(lines).toEqual(['trying again until it is answered: a', 'trying again until it is answered: c']);
  });
});
