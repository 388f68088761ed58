import { expect, test } from 'vitest';
import { createRandom } from '../dataset/random.ts';
import { createColumnDraw } from './column-draw.ts';

test('draws every column of a node once, in every order equally often', () => {
  const choice = createColumnDraw(3, 2, createRandom(1));
  const counts = new Map<string, number>();
  for (let node = 0; node < 6000; node++) {
    const order = [0, 1, 2].map(choice.pick).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect([...counts.keys()].sort()).toEqual(['012', '021', '102', '120', '201', '210']);
  // Five standard deviations of a binomial count.
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(145);
});

test('draws the first column of a node evenly when no other is drawn', () => {
  const choice = createColumnDraw(4, 1, createRandom(2));
  const counts = [0, 0, 0, 0];
  for (let node = 0; node < 8000; node++) counts[choice.pick(0)]++;
  for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(195);
});
