import { describe, expect, test } from 'vitest';
import { retryIntervalMs, toRefreshPolicy } from './refresh-policy.ts';

const [success, error] = (['success', 'error'] as const).map((status) => ({ state: { status } }));

describe('toRefreshPolicy', () => {
  test('marks a live query as live, and asks again now and then although nothing arrives', () => {
    const policy = toRefreshPolicy(true, { everyMs: 15_000 });
    expect(policy).toMatchObject({ staleTime: 0, meta: { isLive: true, everyMs: 15_000 } });
    expect(success && policy.refetchInterval(success)).toBe(30_000);
    expect(success && toRefreshPolicy(true, { everyMs: 60_000 }).refetchInterval(success)).toBe(60_000);
  });

  test('fetches fixed data once', () => {
    const policy = toRefreshPolicy(false);
    expect(policy).toMatchObject({ staleTime: Number.POSITIVE_INFINITY, meta: { isLive: false } });
    expect(success && policy.refetchInterval(success)).toBe(false);
  });

  test('retries after an error', () => {
    for (const follows of [true, false])
      expect(error && toRefreshPolicy(follows).refetchInterval(error)).toBe(retryIntervalMs);
  });
});
