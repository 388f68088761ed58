import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backfill, stampBack } from './backfill.ts';
import { createFakeClock } from './fake-clock.ts';
import type { ReadingRow } from './read-passes.ts';
import type { Outgoing } from './send-readings.ts';

const reading = { temperature: 24, humidity: 51, sound_volume: 60, sensor_id: 'replay' };
const untilMs = Date.parse('2026-01-01T12:00:00.000Z');

async function* rowsOf(count: number, timestamp?: string): AsyncGenerator<ReadingRow> {
  for (let line = 1; line <= count; line += 1) {
    yield {
      line,
      bytes: line,
      pass: 1,
      reading: timestamp === undefined ? reading : { ...reading, timestamp },
    };
  }
}

const toOutgoing = ({ line, reading: read }: ReadingRow): Outgoing => ({
  line,
  reading: { ...read, id: `id-${line}` },
});

async function fill(
  rows: AsyncGenerator<ReadingRow>,
  config: Partial<Parameters<typeof backfill>[0]['config']>,
) {
  const batches: (readonly Outgoing[])[] = [];
  const { clock } = createFakeClock(untilMs);
  await backfill({
    rows,
    config: { backfill: 1000, backfillSpanMs: 3_600_000, timestamps: 'arrival', ...config },
    clock,
    toOutgoing,
    sendBatch: async (batch) => {
      batches.push(batch);
    },
    stop: new AbortController().signal,
  });
  return batches;
}

describe('backfill', () => {
  test('takes the next rows in batches and leaves the rest to the replay', async () => {
    const rows = rowsOf(3000);
    const batches = await fill(rows, { backfill: 2500 });
    expect(batches.map((batch) => batch.length)).toEqual([1000, 1000, 500]);
    expect((await rows.next()).value).toHaveProperty('line', 2501);
  });

  test('spreads the timestamps evenly over the span, ascending, each row once', async () => {
    const [batch = []] = await fill(rowsOf(4), {});
    expect(batch.map(({ line, reading: { timestamp } }) => [line, timestamp])).toEqual([
      [1, '2026-01-01T11:00:00.000Z'],
      [2, '2026-01-01T11:15:00.000Z'],
      [3, '2026-01-01T11:30:00.000Z'],
      [4, '2026-01-01T11:45:00.000Z'],
    ]);
  });

  test('leaves the timestamps of the file as they are', async () => {
    const timestamp = '2020-02-02T02:02:02.000Z';
    const [batch = []] = await fill(rowsOf(2, timestamp), { timestamps: 'file' });
    expect(batch.map((outgoing) => outgoing.reading.timestamp)).toEqual([timestamp, timestamp]);
  });
});

describe('stampBack', () => {
  test('stays within the span, in the order of the rows', () => {
    const counts = fc.integer({ min: 1, max: 500 });
    const spans = fc.integer({ min: 1000, max: 365 * 24 * 3_600_000 });
    fc.assert(
      fc.property(counts, spans, (count, spanMs) => {
        const outgoing = Array.from({ length: count }, (_, line) => ({
          line,
          reading: { ...reading, id: 'id' },
        }));
        const times = stampBack(outgoing, { untilMs, spanMs }).map((row) =>
          Date.parse(row.reading.timestamp ?? ''),
        );
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(times[0]).toBe(untilMs - spanMs);
        expect(times.at(-1)).toBeLessThan(untilMs);
      }),
    );
  });
});
