import { describe, expect, test } from 'vitest';
import { refreshIntervalMs, retryIntervalMs, toRefreshPolicy } from './refresh-policy.ts';

const had = { state: { status: 'success' } } as const;
const failed = { state: { status: 'error' } } as const;

describe('toRefreshPolicy', () => {
  test('polls live queries', () => {
    const policy = toRefreshPolicy(true);
    expect(policy).toMatchObject({ staleTime: 0, refetchOnWindowFocus: true, meta: { isLive: true } });
    expect(policy.refetchInterval(had)).toBe(refreshIntervalMs);
    expect(policy.refetchInterval(failed)).toBe(refreshIntervalMs);
  });

  test('never refetches a fixed query that succeeded', () => {
    const policy = toRefreshPolicy(false);
    expect(policy).toMatchObject({ staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false });
    expect(policy.meta).toEqual({ isLive: false });
    expect(policy.refetchInterval(had)).toBe(false);
    expect(policy.refetchInterval(failed)).toBe(retryIntervalMs);
  });
});
