import { describe, expect, test } from 'vitest';
import type { ReadingRow } from './read-passes.ts';
import { replay } from './replay.ts';
import type { Outgoing } from './send-readings.ts';

async function* rowsOf(count: number): AsyncGenerator<ReadingRow> {
  for (let line = 1; line <= count; line += 1) {
    const reading = { temperature: 24, humidity: 51, sound_volume: 60, sensor_id: 'replay' };
    yield { line, bytes: line, pass: 1, reading };
  }
}

function setUp({ rows, concurrency }: { rows: number; concurrency: number }) {
  const started: number[] = [];
  const answers: (() => void)[] = [];
  const sent: number[] = [];
  const stop = new AbortController();
  const options = {
    rows: rowsOf(rows),
    toOutgoing: ({ line, reading }: ReadingRow): Outgoing => ({
      line,
      reading: { ...reading, id: `${line}` },
    }),
    sendOne: ({ line }: Outgoing) => {
      started.push(line);
      return new Promise<void>((resolve) => answers.push(resolve));
    },
    pace: async () => undefined,
    concurrency,
    onSent: ({ line }: ReadingRow) => sent.push(line),
    stop: stop.signal,
  };
  return { options, started, answers, sent, stop };
}

/** Lets everything run that waits for nothing outside. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('replay', () => {
  test('has no more readings in flight than it may', async () => {
    const { options, started, answers } = setUp({ rows: 5, concurrency: 2 });
    const replaying = replay(options);
    await settle();
    expect(started).toEqual([1, 2]);
    answers[1]?.();
    await settle();
    expect(started).toEqual([1, 2, 3]);
    while (answers.length > 0) {
      answers.splice(0).forEach((answer) => {
        answer();
      });
      await settle();
    }
    await replaying;
    expect(started).toEqual([1, 2, 3, 4, 5]);
  });

  test('does not wait for an answer before the next row is due', async () => {
    const { options, started, answers } = setUp({ rows: 3, concurrency: 16 });
    const replaying = replay(options);
    await settle();
    expect(started).toEqual([1, 2, 3]);
    answers.forEach((answer) => {
      answer();
    });
    await replaying;
  });

  test('stops reading when told to, but waits for what is in flight', async () => {
    const { options, started, answers, sent, stop } = setUp({ rows: 5, concurrency: 1 });
    let isOver = false;
    const replaying = replay(options).then(() => {
      isOver = true;
    });
    await settle();
    stop.abort();
    await settle();
    expect(isOver).toBe(false);
    answers[0]?.();
    await replaying;
    expect(started).toEqual([1]);
    expect(sent).toEqual([1]);
  });
});
