export const baseDelayMs = 100;
export const maxDelayMs = 5_000;
export const maxRetryAfterMs = 60_000;

interface FailedAttempt {
  /** Counts from 1. */
  attempt: number;
  retryAfterMs: number | undefined;
  /** Uniform on [0, 1). */
  random: () => number;
}

/** Exponential backoff with full jitter (M. Brooker, "Exponential Backoff And Jitter", AWS 2015), after `Retry-After`. */
export function toDelayMs({ attempt, retryAfterMs = 0, random }: FailedAttempt): number {
  const ceilingMs = Math.min(maxDelayMs, baseDelayMs * 2 ** (attempt - 1));
  return Math.min(maxRetryAfterMs, retryAfterMs) + random() * ceilingMs;
}

/** RFC 9110, 10.2.3: whole seconds or an HTTP date. Anything else counts as missing. */
export function parseRetryAfter(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const atMs = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}
