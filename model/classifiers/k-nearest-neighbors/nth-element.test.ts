import { describe, expect, test } from 'vitest';
import reference from '../../reference/k-nearest-neighbors.json' with { type: 'json' };
import { nthElement } from './nth-element.ts';

function arrange(values: ArrayLike<number>, nth: number) {
  const entries = Int32Array.from({ length: values.length }, (_, i) => i);
  let comparisons = 0;
  nthElement({ entries, start: 0, end: entries.length }, nth, (a, b) => {
    comparisons++;
    return values[a] === values[b] ? a < b : values[a] < values[b];
  });
  return { arranged: Array.from(entries, (entry) => values[entry]), entries, comparisons };
}

describe('nthElement', () => {
  test.each([1, 2, 3, 4, 5, 8, 31, 100])('parts %i values at each place', (length) => {
    const values = Array.from({ length }, (_, i) => (i * i * 7) % 11);
    const sorted = values.toSorted((a, b) => a - b);
    for (let nth = 0; nth < length; nth++) {
      const { arranged } = arrange(values, nth);
      expect(arranged[nth]).toBe(sorted[nth]);
      expect(Math.max(...arranged.slice(0, nth))).toBeLessThanOrEqual(sorted[nth]);
      expect(Math.min(...arranged.slice(nth))).toBe(sorted[nth]);
      expect(arranged.toSorted((a, b) => a - b)).toEqual(sorted);
    }
  });

  test('touches nothing outside of the slice', () => {
    const entries = Int32Array.of(9, 5, 4, 3, 2, 1, 0);
    nthElement({ entries, start: 1, end: 6 }, 3, (a, b) => a < b);
    expect([entries[0], entries[3], entries[6]]).toEqual([9, 3, 0]);
  });

  test('does not become quadratic where every pivot is bad', () => {
    const worst = reference.trees.find(({ name }) => name === 'worst case of quickselect');
    const { arranged, comparisons } = arrange(worst?.rows ?? [], 300);
    expect(arranged[300]).toBe(300);
    expect(comparisons).toBeLessThan(15_000);
    expect(comparisons).toBeGreaterThan(10_000);
  });
});
