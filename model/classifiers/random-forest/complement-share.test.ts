import fc from 'fast-check';
import { expect, test } from 'vitest';
import { complementShare } from './complement-share.ts';

test('is the other share of whole numbers, to the last bit', () => {
  const counts = fc
    .integer({ min: 1, max: 10_000_000 })
    .chain((total) => fc.tuple(fc.integer({ min: 0, max: total }), fc.constant(total)));
  fc.assert(
    fc.property(counts, ([ones, total]) => {
      expect(complementShare(ones / total)).toBe((total - ones) / total);
    }),
  );
});

test('is not what a subtraction gives', () => {
  expect(complementShare(9 / 10)).toBe(1 / 10);
  expect(1 - 9 / 10).not.toBe(1 / 10);
});

test('is near 1 − share for every other number', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (share) => {
      expect(Math.abs(complementShare(share) - (1 - share))).toBeLessThanOrEqual(2 ** -53);
    }),
  );
});
