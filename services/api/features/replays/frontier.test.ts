import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Frontier,
  isExhausted,
  type Stretch,
  takeStretch,
  toNewestLoop,
  wrapFrontier,
} from './frontier.ts';

const beginning: Frontier = { loops: 1, next_loop: 0, next_row: 0, total_rows: null };

describe('takeStretch', () => {
  test('goes on without an end while none is known', () => {
    const first = takeStretch(beginning, 100);
    expect(first?.stretch).toEqual({ loop: 0, first_row: 0, rows: 100 });
    expect(first && takeStretch(first.frontier, 50)?.stretch).toEqual({ loop: 0, first_row: 100, rows: 50 });
  });

  test('begins every row of every loop once', () => {
    const rowsOf = ({ loop, first_row, rows }: Stretch) =>
      Array.from({ length: rows }, (_, row) => `${loop}:${first_row + row}`);
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 1, max: 4 }),
        sizes,
        (total, loops, steps) => {
          let frontier: Frontier = { ...beginning, loops, total_rows: total };
          const begun: string[] = [];
          for (let step = 0; ; step++) {
            const taken = takeStretch(frontier, steps[step % steps.length] ?? 1);
            if (!taken) break;
            begun.push(...rowsOf(taken.stretch));
            frontier = taken.frontier;
          }
          const all = Array.from({ length: loops }, (_, loop) => rowsOf({ loop, first_row: 0, rows: total }));
          expect(begun).toEqual(all.flat());
          expect(toNewestLoop(frontier)).toBe(total === 0 ? 0 : loops - 1);
        },
      ),
    );
  });

  test('never ends where there are no limits to the loops, but for a file without rows', () => {
    expect(isExhausted({ ...beginning, loops: 0, next_loop: 1e9, total_rows: 1 })).toBe(false);
    expect(isExhausted({ ...beginning, loops: 0, total_rows: 0 })).toBe(true);
  });

  test('goes back to the end that is found behind it', () => {
    const cut = wrapFrontier({ ...beginning, loops: 2, next_row: 500, total_rows: 120 });
    expect(takeStretch(cut, 1000)?.stretch).toEqual({ loop: 1, first_row: 0, rows: 120 });
  });
});
