import { describe, expect, test } from 'vitest';
import { climate } from '../../testing/climate.ts';
import type { ScoredReading } from '../readings/reading-row.ts';
import { createOwnArrivals } from './own-arrivals.ts';

function createRows(count: number): ScoredReading[] {
  const reading = {
    sensor_id: 'attic',
    type: climate,
    timestamp: '2026-03-01T00:00:00.000Z',
    values: [24, 52, 60],
  };
  const scored = { prediction: 0, score: 0.1, model: 'test' } as const;
  return Array.from({ length: count }, (_, index) => ({
    reading: { ...reading, ...scored, id: String(index) },
    sensor: 1,
    receivedAt: reading.timestamp,
  }));
}

function createWanted() {
  const own = createOwnArrivals();
  own.want(true);
  return own;
}

const seqsOf = (rows: readonly { seq: number }[]) => rows.map(({ seq }) => seq);

describe('own arrivals', () => {
  test('follow the given number, over several commits', () => {
    const own = createWanted();
    own.add(11, createRows(2));
    own.add(13, createRows(3));
    expect(seqsOf(own.take(10, 100))).toEqual([11, 12, 13, 14, 15]);
    expect(seqsOf(own.take(12, 2))).toEqual([13, 14]);
    expect(seqsOf(own.take(14, 100))).toEqual([15]);
    expect(own.take(15, 100)).toEqual([]);
  });

  test('end before a reading that another process has stored', () => {
    const own = createWanted();
    own.add(11, createRows(2));
    own.add(14, createRows(2));
    expect(seqsOf(own.take(10, 100))).toEqual([11, 12]);
    expect(own.take(12, 100)).toEqual([]);
    expect(seqsOf(own.take(13, 100))).toEqual([14, 15]);
  });

  test('are given with the reading, and not kept before they are wanted or after', () => {
    const own = createOwnArrivals();
    own.add(1, createRows(1));
    own.want(true);
    own.add(2, createRows(1));
    expect(own.take(0, 10)).toEqual([]);
    expect(own.take(1, 10)).toMatchObject([{ seq: 2, type: climate.id, sensor: 1, sensor_id: 'attic' }]);
    own.want(false);
    expect(own.take(1, 10)).toEqual([]);
  });

  test('are limited: the oldest are forgotten', () => {
    const own = createWanted();
    for (let batch = 0; batch < 30; batch++) own.add(1 + batch * 1000, createRows(1000));
    expect(own.take(0, 10)).toEqual([]);
    expect(seqsOf(own.take(12_000, 1))).toEqual([12_001]);
    expect(seqsOf(own.take(29_999, 10))).toEqual([30_000]);
  });
});
