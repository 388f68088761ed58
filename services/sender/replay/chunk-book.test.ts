import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createChunkBook, type RowResult } from './chunk-book.ts';

describe('createChunkBook', () => {
  test('counts done rows from the first, up to the first gap', () => {
    const book = createChunkBook({ first_row: 100, rows: 4, done_rows: 1 });
    expect(book.toAck().done_rows).toBe(1);
    book.settle(103, 'rejected');
    book.settle(102, 'duplicate');
    expect(book.toAck()).toEqual({
      done_rows: 1,
      outcomes: { stored: 0, rejected: 0, bad: 0, dropped: 0, duplicates: 0 },
    });
    book.settle(101, 'stored');
    expect(book.toAck()).toEqual({
      done_rows: 4,
      outcomes: { stored: 2, rejected: 1, bad: 0, dropped: 0, duplicates: 1 },
    });
    expect(book.isDone()).toBe(true);
  });

  test('is done at the end of the file', () => {
    const book = createChunkBook({ first_row: 100, rows: 50, done_rows: 0 });
    book.settle(100, 'bad');
    book.endAt(101);
    expect(book.isDone()).toBe(true);
    const beyond = createChunkBook({ first_row: 200, rows: 50, done_rows: 0 });
    beyond.endAt(101);
    expect([beyond.isDone(), beyond.toAck().done_rows]).toEqual([true, 0]);
  });

  test('has as many outcomes as done rows, in whatever order they are settled', () => {
    const outcome = fc.constantFrom<RowResult>('stored', 'duplicate', 'rejected', 'bad', 'dropped');
    const outcomesOfRows = fc.array(fc.tuple(outcome, fc.nat()), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(outcomesOfRows, (drawn) => {
        const book = createChunkBook({ first_row: 7, rows: drawn.length, done_rows: 0 });
        const order = drawn
          .map(([what, rank], row) => ({ what, rank, row }))
          .toSorted((a, b) => a.rank - b.rank);
        let before = 0;
        for (const { what, row } of order) {
          book.settle(7 + row, what);
          const { done_rows, outcomes } = book.toAck();
          expect(done_rows).toBeGreaterThanOrEqual(before);
          const { stored, rejected, bad, dropped } = outcomes;
          expect(stored + rejected + bad + dropped).toBe(done_rows);
          before = done_rows;
        }
        expect(book.isDone()).toBe(true);
      }),
    );
  });
});
