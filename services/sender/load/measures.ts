import { performance } from 'node:perf_hooks';
import type { ReportedLoad } from '@sensor-sentinel/contracts';
import type { Clock } from '../clock.ts';
import { createLatencies, createRecentLoad, type Latencies } from './latencies.ts';
import type { Outgoing, Settled } from './outgoing.ts';
import type { Reply } from './retry.ts';

export type Measures = ReturnType<typeof createMeasures>;
export type Report = ReturnType<Measures['report']>;
export type Outcome = Settled['outcome'] | 'garbage';

/** Notified of each row as it happens; times in seconds. */
export interface Observer {
  onAnswer: (times: { latency: number; service: number }) => void;
  onStart: (lag: number) => void;
}

interface MeasuresOptions {
  clock: Clock;
  /** The share of time that the event loop was busy, since the beginning. */
  utilization?: () => number;
}

interface AnswerTimes {
  intendedAtMs: number;
  sentAtMs: number;
  answeredAtMs: number;
}

/** The count of each outcome. */
export const countNames = {
  accepted: 'accepted',
  rejected: 'rejected',
  conflict: 'conflicts',
  unreadable: 'unreadable',
  dropped: 'dropped',
  skipped: 'skipped',
  unfinished: 'unfinished',
  garbage: 'garbage',
} as const satisfies Record<Outcome, keyof ReturnType<typeof createCounts>>;

/**
 * Counts outcomes and measures times. Latency counts from the time at which a row was meant to be sent, so that a stalled
 * API cannot hide the rows it delays; service time counts from the last attempt; lag is how late a row was sent although
 * a connection was free, which is the sender's own fault.
 */
export function createMeasures({ clock, utilization = measureUtilization() }: MeasuresOptions) {
  const counts = createCounts();
  const [latency, service, lag] = [createLatencies(), createLatencies(), createLatencies()];
  const recent = createRecentLoad(clock);
  const observers: Observer[] = [];
  const duration = createDuration(clock);

  function end(outcome: Outcome): void {
    counts[countNames[outcome]] += 1;
    duration.extend();
  }

  function offer(rows: number): void {
    duration.begin();
    counts.offered += rows;
    recent.offer(rows);
  }

  return {
    counts: counts as Readonly<typeof counts>,
    /** A request with these rows begins. */
    start(rows: readonly Outgoing[], { freeSinceMs, maxLagMs }: { freeSinceMs: number; maxLagMs: number }) {
      offer(rows.length);
      counts.requests += 1;
      const nowMs = clock.elapsed();
      for (const { dueAtMs } of rows) {
        if (dueAtMs === undefined) continue;
        if (nowMs - dueAtMs > maxLagMs) counts.late_starts += 1;
        const lagMs = nowMs - Math.max(dueAtMs, freeSinceMs);
        lag.record(lagMs);
        for (const { onStart } of observers) onStart(lagMs / 1000);
      }
    },
    drop(): void {
      offer(1);
      end('dropped');
    },
    /** An attempt is to be repeated after this reply. */
    retry(reply: Reply): void {
      counts.retries += 1;
      if ('unreachable' in reply) return;
      if (reply.status === 429) counts.shed_429 += 1;
      if (reply.status === 503) counts.shed_503 += 1;
    },
    settle(settled: Settled, { intendedAtMs, sentAtMs, answeredAtMs }: AnswerTimes): void {
      end(toOutcome(settled));
      if (settled.outcome !== 'accepted') return;
      if (settled.isDuplicate) counts.duplicates += 1;
      counts.anomalies += settled.prediction.prediction ?? 0;
      const [latencyMs, serviceMs] = [answeredAtMs - intendedAtMs, answeredAtMs - sentAtMs];
      latency.record(latencyMs);
      service.record(serviceMs);
      recent.accept(latencyMs);
      for (const { onAnswer } of observers)
        onAnswer({ latency: latencyMs / 1000, service: serviceMs / 1000 });
    },
    observe: (observer: Observer) => void observers.push(observer),
    /** The rates and latencies of the last seconds. */
    snapshot: (): ReportedLoad => ({ ...recent.snapshot(), shed: counts.shed_429 + counts.shed_503 }),
    /** Everything from the first row to the latest event. */
    report: () => toReport({ counts, duration, utilization, latency, service, lag }),
    /** Frees the histograms; nothing may be measured after this. */
    close() {
      for (const { close } of [latency, service, lag, recent]) close();
    },
  };
}

interface Measured {
  counts: ReturnType<typeof createCounts>;
  duration: ReturnType<typeof createDuration>;
  utilization: () => number;
  latency: Latencies;
  service: Latencies;
  lag: Latencies;
}

function toReport({ counts, duration, utilization, latency, service, lag }: Measured) {
  const [durationMs, eventLoopUtilization] = [duration.ms(), utilization()];
  return {
    ...counts,
    duration_ms: durationMs,
    rows_per_second: durationMs > 0 ? (counts.accepted * 1000) / durationMs : 0,
    latency_ms: latency.summarize(),
    service_ms: service.summarize(),
    schedule_lag_ms: lag.summarize(),
    event_loop_utilization: eventLoopUtilization,
    sender_limit: findSenderLimit({ eventLoopUtilization, lagP99Ms: lag.percentile(99) }),
  };
}

/**
 * Once no row is in flight, `offered` is the sum of accepted, rejected, conflicts, unreadable, dropped, skipped,
 * unfinished and garbage.
 */
function createCounts() {
  return {
    offered: 0,
    accepted: 0,
    /** Accepted rows that an earlier request had stored. */
    duplicates: 0,
    anomalies: 0,
    rejected: 0,
    conflicts: 0,
    unreadable: 0,
    dropped: 0,
    /** Refused for missing values that the model needs. */
    skipped: 0,
    unfinished: 0,
    /** Garbage that was refused, as it should be. */
    garbage: 0,
    /** Retries not included. */
    requests: 0,
    retries: 0,
    shed_429: 0,
    shed_503: 0,
    /** Rows that were sent later than the lag allowed. */
    late_starts: 0,
  };
}

function toOutcome({ outcome, outgoing }: Settled): Outcome {
  const isRefused = outcome === 'rejected' || outcome === 'conflict';
  return outgoing.garbage !== undefined && isRefused ? 'garbage' : outcome;
}

function createDuration(clock: Clock) {
  let beganAtMs: number | undefined;
  let endedAtMs = 0;
  return {
    begin: () => {
      beganAtMs ??= clock.elapsed();
    },
    extend: () => {
      endedAtMs = clock.elapsed();
    },
    ms: () => (beganAtMs === undefined ? 0 : Math.max(0, endedAtMs - beganAtMs)),
  };
}

function measureUtilization(): () => number {
  const begin = performance.eventLoopUtilization();
  return () => performance.eventLoopUtilization(begin).utilization;
}

const busyUtilization = 0.9;
/** Timers are late by one or two milliseconds; a sender that cannot keep up is late by ever more. */
const maxOwnLagMs = 20;

/** Why the figures show the limit of the sender and not of the API; null if nothing suggests it. */
export function findSenderLimit(signs: {
  eventLoopUtilization: number;
  lagP99Ms: number | null;
}): string | null {
  const { eventLoopUtilization, lagP99Ms } = signs;
  const reasons: string[] = [];
  if (eventLoopUtilization >= busyUtilization)
    reasons.push(`its event loop was busy ${Math.round(eventLoopUtilization * 100)} % of the time`);
  if (lagP99Ms !== null && lagP99Ms > maxOwnLagMs)
    reasons.push(
      `1 % of the rows were sent ${Math.round(lagP99Ms)} ms late or later although a connection was free`,
    );
  return reasons.length > 0 ? `the sender was the limit: ${reasons.join('; ')}` : null;
}
