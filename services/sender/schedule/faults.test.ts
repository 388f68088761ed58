import { climateType, createReadingSchema, featureValueOf } from '@sensor-sentinel/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawFaults, faultsSchema, maxLateRows } from './faults.ts';

const shares = { dup: 0.01, drop: 0.005, late: 0.02, garbage: 0.1 };
const rows = Array.from({ length: 100_000 }, (_, row) => ({ loop: 3, row }));

/** Whether the text is a reading that a model can score. */
function isReading(text: string): boolean {
  try {
    const { data } = createReadingSchema(climateType).safeParse(JSON.parse(text));
    return (
      data !== undefined && climateType.features.every(({ name }) => featureValueOf(data, name) !== null)
    );
  } catch {
    return false;
  }
}

describe('faultsSchema', () => {
  test('reads percentages and fractions', () => {
    expect(faultsSchema.parse('dup:1%, drop:0.5%,late:0.02,garbage:10%')).toEqual(shares);
    expect(faultsSchema.parse('')).toEqual({ dup: 0, drop: 0, late: 0, garbage: 0 });
  });

  test.each(['dup', 'dup:', 'dup:-1%', 'dup:101%', 'dupe:1%', 'dup:1%;drop:1%'])('refuses %s', (text) => {
    expect(faultsSchema.safeParse(text).success).toBe(false);
  });
});

describe('drawFaults', () => {
  test('plans each fault for its share of the rows', () => {
    const planned = rows.map((at) => drawFaults(shares, 7, at));
    const shareOf = (isHit: (one: (typeof planned)[number]) => boolean) =>
      planned.filter(isHit).length / rows.length;
    // Five standard deviations of a share p of 100 000 are 5·√(p/100 000).
    expect(Math.abs(shareOf(({ isDoubled }) => isDoubled) - 0.01)).toBeLessThan(0.0016);
    expect(Math.abs(shareOf(({ isDropped }) => isDropped) - 0.005)).toBeLessThan(0.0012);
    expect(Math.abs(shareOf(({ laterByRows }) => laterByRows > 0) - 0.02)).toBeLessThan(0.0023);
    expect(Math.abs(shareOf(({ garbage }) => garbage !== undefined) - 0.1)).toBeLessThan(0.005);
    const both = shareOf(({ isDoubled, garbage }) => isDoubled && garbage !== undefined);
    expect(Math.abs(both - 0.001)).toBeLessThan(0.0005);
  });

  test('depends only on seed, loop and row', () => {
    const at = fc.record({ loop: fc.nat(), row: fc.nat({ max: Number.MAX_SAFE_INTEGER }) });
    fc.assert(
      fc.property(fc.nat(), at, (seed, place) => {
        const half = { dup: 0.5, drop: 0.5, late: 0.5, garbage: 0.5 };
        const first = drawFaults(half, seed, place);
        drawFaults(half, seed, { loop: 1, row: 1 });
        expect(drawFaults(half, seed, place)).toEqual(first);
        expect(first.laterByRows).toBeLessThanOrEqual(maxLateRows);
      }),
    );
    const [one, other] = [1, 2].map((seed) => rows.map((at) => drawFaults(shares, seed, at)));
    expect(one).not.toEqual(other);
  });

  test('plans garbage of every kind, none of which is a reading', () => {
    const always = { ...shares, garbage: 1 };
    const made = new Set(rows.slice(0, 1000).map((at) => drawFaults(always, 1, at).garbage ?? ''));
    expect(made.size).toBe(7);
    expect([...made].filter(isReading)).toEqual([]);
  });
});
