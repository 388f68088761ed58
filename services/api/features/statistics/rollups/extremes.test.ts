import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compareEntries,
  type ExtremeList,
  type Extremes,
  fromExtremesDocument,
  type ListedReading,
  mergeExtremes,
  noExtremes,
  type Side,
  sides,
  toCapacity,
  toExtremes,
  toExtremesDocument,
  type ValueExtremes,
} from './extremes.ts';

const startMs = Date.parse('2026-03-01T10:00:00.000Z');

const reading = fc.record({
  timestamp: fc
    .integer({ min: 0, max: 20 })
    .map((seconds) => new Date(startMs + seconds * 1000).toISOString()),
  values: fc.tuple(
    fc.integer({ min: 20, max: 25 }),
    fc.double({ min: 0, max: 100, noNaN: true }),
    fc.constantFrom(60, null),
    fc.constant(null),
  ),
  score: fc.constantFrom(0, 0.1, 1, null),
});

/** Parts of all readings, which are numbered in order of arrival. */
const readingsOfParts = fc
  .array(fc.array(reading, { minLength: 1, maxLength: 200 }), { minLength: 1, maxLength: 12 })
  .map((some) => {
    let seq = 0;
    return some.map((part) => part.map((one): ListedReading => ({ ...one, seq: ++seq })));
  });

type ToValue = (reading: ListedReading) => number | null | undefined;

/** Lists must begin like all readings that have the value, in its order. */
function expectFirst(
  list: ExtremeList,
  { side, readings, toValue }: { side: Side; readings: readonly ListedReading[]; toValue: ToValue },
) {
  const all = readings.flatMap((one) => {
    const value = toValue(one) ?? null;
    return value === null ? [] : { value, timeMs: Date.parse(one.timestamp), seq: one.seq };
  });
  const sorted = all.toSorted((a, b) => compareEntries(a, b, side));
  expect(list.entries).toEqual(sorted.slice(0, list.entries.length));
  expect(list.entries.length).toBeGreaterThanOrEqual(Math.min(4, sorted.length));
  expect(list.isWhole).toBe(list.entries.length === sorted.length);
}

function expectFirstOfAll({ score, features }: Extremes, readings: readonly ListedReading[]): void {
  const named: [ValueExtremes, ToValue][] = [
    [score, (one) => one.score],
    ...features.map((value, place): [ValueExtremes, ToValue] => [value, (one) => one.values[place]]),
  ];
  for (const [value, toValue] of named) {
    expect(value.count).toBe(readings.filter((one) => (toValue(one) ?? null) !== null).length);
    for (const side of sides) expectFirst(value[side], { side, readings, toValue });
  }
}

describe('extremes', () => {
  test('of parts, merged in any order, are the first of all their readings', () => {
    const property = fc.property(readingsOfParts, fc.integer({ min: 0, max: 12 }), (some, after) => {
      const parts = some.map((part) => toExtremes(part));
      const [one, other] = [mergeExtremes(parts.slice(0, after)), mergeExtremes(parts.slice(after))];
      expectFirstOfAll(mergeExtremes([other, one]), some.flat());
    });
    fc.assert(property, { numRuns: 200 });
  });

  test('of parts, merged one by one, are those of all readings at once', () => {
    const property = fc.property(readingsOfParts, (some) => {
      const merged = some.reduce((all, part) => mergeExtremes([all, toExtremes(part)], 64), noExtremes);
      expect(merged).toEqual(toExtremes(some.flat()));
    });
    fc.assert(property, { numRuns: 200 });
  });

  test('have an entry for each 64 readings, at least 4 and at most 64', () => {
    expect([1, 640, 1000, 100_000].map(toCapacity)).toEqual([4, 10, 16, 64]);
  });

  test('are read back from a document as they were written', () => {
    const property = fc.property(readingsOfParts, ([readings = []]) => {
      const extremes = toExtremes(readings);
      const document = JSON.parse(JSON.stringify(toExtremesDocument(extremes, startMs)));
      expect(fromExtremesDocument(document, startMs)).toEqual(extremes);
    });
    fc.assert(property);
  });

  test('are written with the milliseconds since the start', () => {
    const one = { timestamp: '2026-03-01T10:00:00.005Z', seq: 1, values: [20, null], score: 0.5 };
    expect(toExtremesDocument(toExtremes([one]), startMs)).toEqual([
      [1, [1, 0.5, 5, 1], [1, 0.5, 5, 1]],
      [1, [1, 20, 5, 1], [1, 20, 5, 1]],
      [0, [1], [1]],
    ]);
  });
});
