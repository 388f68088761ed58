import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compareEntries,
  type ExtremeList,
  type Extremes,
  fromExtremesDocument,
  type ListedReading,
  mergeExtremes,
  mergeLists,
  type Side,
  sides,
  toCapacity,
  toCapacityOfCommit,
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

/** Commits of readings that are numbered in order of arrival. */
const commits = fc
  .array(fc.array(reading, { minLength: 1, maxLength: 200 }), { minLength: 1, maxLength: 12 })
  .map((some) => {
    let seq = 0;
    return some.map((commit) => commit.map((one): ListedReading => ({ ...one, seq: ++seq })));
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
  test('of commits, merged in any order, are the first of all their readings', () => {
    const property = fc.property(commits, fc.integer({ min: 1, max: 4 }), (some, folds) => {
      const parts = some.map((commit) => toExtremes(commit, toCapacityOfCommit(commit.length)));
      const halves = [parts.slice(0, folds), parts.slice(folds)].filter(({ length }) => length > 0);
      const merged = mergeExtremes(halves.map((half) => mergeExtremes(half)).toReversed());
      expectFirstOfAll(merged, some.flat());
      const lists = parts.flatMap(({ features }) => features[0]?.highest ?? []);
      expectFirst(mergeLists(lists, { side: 'highest' }), {
        side: 'highest',
        readings: some.flat(),
        toValue: ({ values }) => values[0],
      });
    });
    fc.assert(property, { numRuns: 200 });
  });

  test('have an entry for each 64 readings, at least 4 and at most 64', () => {
    expect([1, 640, 1000, 100_000].map(toCapacity)).toEqual([4, 10, 16, 64]);
  });

  test('are read back from a document as they were written', () => {
    const property = fc.property(commits, ([readings = []]) => {
      const extremes = toExtremes(readings);
      const document = JSON.parse(JSON.stringify(toExtremesDocument(extremes, { startMs })));
      expect(fromExtremesDocument(document, { startMs })).toEqual(extremes);
    });
    fc.assert(property);
  });

  test('are written with the places of readings in a commit, and read with their numbers', () => {
    const one = { timestamp: '2026-03-01T10:00:00.005Z', seq: 1, values: [20, null], score: 0.5 };
    const document = toExtremesDocument(toExtremes([one]), { startMs });
    expect(document).toEqual([
      [1, [1, 0.5, 5, 1], [1, 0.5, 5, 1]],
      [1, [1, 20, 5, 1], [1, 20, 5, 1]],
      [0, [1], [1]],
    ]);
    const { features } = fromExtremesDocument(document, { startMs, firstSeq: 100, seqStep: 2 });
    expect(features[0]?.lowest.entries).toEqual([{ value: 20, timeMs: startMs + 5, seq: 102 }]);
  });
});
