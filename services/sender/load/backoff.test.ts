import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { baseDelayMs, maxDelayMs, maxRetryAfterMs, parseRetryAfter, toDelayMs } from './backoff.ts';

const attempts = fc.integer({ min: 1, max: 100_000 });
const fractions = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const now = Date.parse('2026-01-01T12:00:00.000Z');

describe('toDelayMs', () => {
  test('doubles the range of the jitter up to its bound', () => {
    const delays = [1, 2, 3, 6, 7, 50].map((attempt) =>
      toDelayMs({ attempt, retryAfterMs: undefined, random: () => 0.5 }),
    );
    expect(delays).toEqual([50, 100, 200, 1600, 2500, 2500]);
  });

  test('lies between zero and the bound, which no attempt number breaks', () => {
    fc.assert(
      fc.property(attempts, fractions, (attempt, fraction) => {
        const delay = toDelayMs({ attempt, retryAfterMs: undefined, random: () => fraction });
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(Math.min(maxDelayMs, baseDelayMs * 2 ** (attempt - 1)));
      }),
    );
  });

  test('waits at least as long as Retry-After says, up to a cap, and not much longer', () => {
    const retryAfter = fc.integer({ min: 0, max: 10 * maxRetryAfterMs });
    fc.assert(
      fc.property(attempts, fractions, retryAfter, (attempt, fraction, retryAfterMs) => {
        const delay = toDelayMs({ attempt, retryAfterMs, random: () => fraction });
        const asked = Math.min(retryAfterMs, maxRetryAfterMs);
        expect(delay).toBeGreaterThanOrEqual(asked);
        expect(delay).toBeLessThanOrEqual(asked + maxDelayMs);
      }),
    );
  });
});

describe('parseRetryAfter', () => {
  test.each([
    ['0', 0],
    ['7', 7000],
    ['Thu, 01 Jan 2026 12:00:30 GMT', 30_000],
    ['Thu, 01 Jan 2026 11:59:00 GMT', 0],
  ])('reads %s', (text, expected) => {
    expect(parseRetryAfter(text, now)).toBe(expected);
  });

  test.each([undefined, '', '-5', '1.5', 'soon'])('takes %s for missing', (text) => {
    expect(parseRetryAfter(text, now)).toBeUndefined();
  });
});
