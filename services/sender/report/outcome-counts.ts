import type { Settled } from '../load/outgoing.ts';

export type Outcome = Settled['outcome'] | 'garbage';
export type OutcomeCounts = ReturnType<typeof createOutcomeCounts>;

/**
 * `offered` is the sum of accepted, rejected, conflicts, unreadable, dropped, unfinished and garbage, once none is in
 * flight.
 */
export function createOutcomeCounts() {
  return {
    offered: 0,
    accepted: 0,
    /** Of the accepted: stored before. */
    replayed: 0,
    anomalies: 0,
    rejected: 0,
    conflicts: 0,
    unreadable: 0,
    dropped: 0,
    unfinished: 0,
    /** Sent on purpose, and refused as it should be. */
    garbage: 0,
    /** Without their repetitions, which are `retries`. */
    requests: 0,
    retries: 0,
    shed_429: 0,
    shed_503: 0,
    /** Sent later than the greatest lag allowed. */
    late_starts: 0,
  };
}

export const countNames = {
  accepted: 'accepted',
  rejected: 'rejected',
  conflict: 'conflicts',
  unreadable: 'unreadable',
  dropped: 'dropped',
  unfinished: 'unfinished',
  garbage: 'garbage',
} as const satisfies Record<Outcome, keyof OutcomeCounts>;

export function toOutcome({ outcome, outgoing }: Settled): Outcome {
  const isRefused = outcome === 'rejected' || outcome === 'conflict';
  return outgoing.garbage !== undefined && isRefused ? 'garbage' : outcome;
}
