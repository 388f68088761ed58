import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom, createXoshiro128, shuffledIndices } from './random.ts';

describe('createXoshiro128', () => {
  test('gives the numbers of the published algorithm', () => {
    const next = createXoshiro128([1, 2, 3, 4]);
    expect(Array.from({ length: 10 }, next)).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });
});

describe('createRandom', () => {
  test('repeats itself for the same seed and differs for another', () => {
    const draw = (seed: number) => {
      const random = createRandom(seed);
      return [random.uniform(), random.normal(0, 1), random.integer(0, 1e6)];
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  test('stays within the bounds of a draw', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 32 - 1 }), fc.integer(), fc.nat(1000), (seed, low, width) => {
        const random = createRandom(seed);
        expect(random.uniform()).toBeLessThan(1);
        expect(random.between(low, low + width)).toBeGreaterThanOrEqual(low);
        const drawn = random.integer(low, low + width);
        expect(Number.isInteger(drawn) && drawn >= low && drawn <= low + width).toBe(true);
      }),
    );
  });

  test('draws normal numbers with the given mean and standard deviation', () => {
    const random = createRandom(3);
    const count = 200_000;
    const drawn = Array.from({ length: count }, () => random.normal(5, 2));
    const mean = drawn.reduce((sum, value) => sum + value, 0) / count;
    const variance = drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
    expect(mean).toBeCloseTo(5, 1);
    expect(Math.sqrt(variance)).toBeCloseTo(2, 1);
    expect(drawn.filter((value) => Math.abs(value - 5) < 2).length / count).toBeCloseTo(0.6827, 2);
    expect(drawn.filter((value) => Math.abs(value - 5) < 4).length / count).toBeCloseTo(0.9545, 2);
  });

  test.each([-1, 0.5, 2 ** 32, Number.NaN])('refuses the seed %d', (seed) => {
    expect(() => createRandom(seed)).toThrow('expected a seed');
  });
});

describe('shuffledIndices', () => {
  test('holds every index once', () => {
    const indices = shuffledIndices(1000, createRandom(1));
    expect(Array.from(indices)).not.toEqual(Array.from(indices.keys()));
    expect(Array.from(indices.toSorted())).toEqual(Array.from(indices.keys()));
  });
});
