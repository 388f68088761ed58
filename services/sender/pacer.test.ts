import { describe, expect, test } from 'vitest';
import { createFakeClock } from './fake-clock.ts';
import { createPacer } from './pacer.ts';

function setUp(rowsPerSecond: number) {
  const time = createFakeClock();
  const { signal } = new AbortController();
  return { ...time, pace: createPacer({ ...time, rowsPerSecond, stop: signal }) };
}

async function dueTimes(count: number, { pace, clock }: Pick<ReturnType<typeof setUp>, 'pace' | 'clock'>) {
  const times: number[] = [];
  for (let row = 0; row < count; row += 1) {
    await pace();
    times.push(clock.elapsed());
  }
  return times;
}

describe('createPacer', () => {
  test('lets row k go at start + k / rate', async () => {
    expect(await dueTimes(4, setUp(4))).toEqual([0, 250, 500, 750]);
  });

  test('does not drift by what happens between the rows', async () => {
    const { pace, clock, advance } = setUp(2);
    await pace();
    advance(180);
    await pace();
    expect(clock.elapsed()).toBe(500);
    advance(499);
    await pace();
    expect(clock.elapsed()).toBe(1000);
  });

  test('catches up after a short delay', async () => {
    const time = setUp(4);
    await time.pace();
    time.advance(1000);
    expect(await dueTimes(5, time)).toEqual([1000, 1000, 1000, 1000, 1250]);
  });

  test('moves the schedule after a long delay, and so bursts by no more than a second of rows', async () => {
    const time = setUp(4);
    await time.pace();
    time.advance(60_000);
    expect(await dueTimes(7, time)).toEqual([60_000, 60_000, 60_000, 60_000, 60_000, 60_250, 60_500]);
  });

  test('waits for nothing at rate 0', async () => {
    const time = setUp(0);
    await dueTimes(100, time);
    expect(time.sleeps).toEqual([]);
  });
});
