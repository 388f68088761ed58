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

const start: Frontier = { loops: 1, next_loop: 0, next_row: 0, total_rows: null };

describe('takeStretch', () => {
  test('continues while the end of the file is unknown', () => {
    const first = takeStretch(start, 100);
    expect(first?.stretch).toEqual({ loop: 0, first_row: 0, rows: 100 });
    expect(first && takeStretch(first.frontier, 50)?.stretch).toEqual({ loop: 0, first_row: 100, rows: 50 });
  });

  test('takes every row of every loop once', () => {
    const rowsOf = ({ loop, first_row, rows }: Stretch) =>
      Array.from({ length: rows }, (_, row) => `${loop}:${first_row + row}`);
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 1, max: 4 }),
        sizes,
        (total, loops, steps) => {
          let frontier: Frontier = { ...start, loops, total_rows: total };
          const leased: string[] = [];
          for (let step = 0; ; step++) {
            const taken = takeStretch(frontier, steps[step % steps.length] ?? 1);
            if (!taken) break;
            leased.push(...rowsOf(taken.stretch));
            frontier = taken.frontier;
          }
          const all = Array.from({ length: loops }, (_, loop) => rowsOf({ loop, first_row: 0, rows: total }));
          expect(leased).toEqual(all.flat());
          expect(toNewestLoop(frontier)).toBe(total === 0 ? 0 : loops - 1);
        },
      ),
    );
  });

  test('never ends with unlimited loops, except for a file without rows', () => {
    expect(isExhausted({ ...start, loops: 0, next_loop: 1e9, total_rows: 1 })).toBe(false);
    expect(isExhausted({ ...start, loops: 0, total_rows: 0 })).toBe(true);
  });

  test('continues with the next loop if the end of the file is before the frontier', () => {
    const cut = wrapFrontier({ ...start, loops: 2, next_row: 500, total_rows: 120 });
    expect(takeStretch(cut, 1000)?.stretch).toEqual({ loop: 1, first_row: 0, rows: 120 });
  });
});
