import { performance } from 'node:perf_hooks';
import type { SenderLoad } from '@sensor-sentinel/contracts';
import type { Clock } from '../clock.ts';
import type { Outgoing, Settled } from '../load/outgoing.ts';
import { countNames, createOutcomeCounts, type Outcome, toOutcome } from './outcome-counts.ts';
import { findSenderLimit } from './sender-limit.ts';
import { createTimings } from './timings.ts';

export type Measures = ReturnType<typeof createMeasures>;
export type Report = ReturnType<Measures['report']>;

/** Told of each row as it happens; times in seconds. */
export type Observer = {
  onOutcome: (outcome: Outcome) => void;
  onAnswer: (times: { latency: number; service: number }) => void;
  onStart: (lag: number) => void;
};

type Measuring = {
  clock: Clock;
  /** The share of time that the event loop was busy, from the beginning. */
  utilization?: () => number;
};
type Times = { intendedAtMs: number; sentAtMs: number; answeredAtMs: number };
type Start = { freeSinceMs: number; maxLagMs: number };

/** What becomes of the rows, and how long it takes. */
export function createMeasures({ clock, utilization = measureUtilization() }: Measuring) {
  const counts = createOutcomeCounts();
  const timings = createTimings(clock);
  const observers: Observer[] = [];
  const duration = createDuration(clock);

  function end(outcome: Outcome): void {
    counts[countNames[outcome]] += 1;
    duration.extend();
    for (const { onOutcome } of observers) onOutcome(outcome);
  }

  function offer(rows: number): void {
    duration.begin();
    counts.offered += rows;
    timings.offer(rows);
  }

  return {
    counts: counts as Readonly<typeof counts>,
    /** A request with these rows begins. */
    start(rows: readonly Outgoing[], { freeSinceMs, maxLagMs }: Start): void {
      offer(rows.length);
      counts.requests += 1;
      const nowMs = clock.elapsed();
      for (const { dueAtMs } of rows) {
        if (dueAtMs === undefined) continue;
        if (nowMs - dueAtMs > maxLagMs) counts.late_starts += 1;
        const ownLagMs = nowMs - Math.max(dueAtMs, freeSinceMs);
        timings.start(ownLagMs);
        for (const { onStart } of observers) onStart(ownLagMs / 1000);
      }
    },
    drop(): void {
      offer(1);
      end('dropped');
    },
    retry(status: number | undefined): void {
      counts.retries += 1;
      if (status === 429) counts.shed_429 += 1;
      if (status === 503) counts.shed_503 += 1;
    },
    settle(settled: Settled, { intendedAtMs, sentAtMs, answeredAtMs }: Times): void {
      end(toOutcome(settled));
      if (settled.outcome !== 'accepted') return;
      if (settled.isReplayed) counts.replayed += 1;
      counts.anomalies += settled.prediction.prediction;
      const [latency, service] = [answeredAtMs - intendedAtMs, answeredAtMs - sentAtMs];
      timings.answer(latency, service);
      for (const { onAnswer } of observers) onAnswer({ latency: latency / 1000, service: service / 1000 });
    },
    observe: (observer: Observer) => void observers.push(observer),
    /** How it goes at the moment. */
    snapshot: (): SenderLoad => ({ ...timings.recent(), shed: counts.shed_429 + counts.shed_503 }),
    /** Everything, from the first row to what happened last. */
    report: () => toReport({ counts: { ...counts }, durationMs: duration.ms(), timings, utilization }),
    /** Nothing may be measured after this. */
    close: timings.close,
  };
}

type Reporting = {
  counts: ReturnType<typeof createOutcomeCounts>;
  durationMs: number;
  timings: ReturnType<typeof createTimings>;
  utilization: () => number;
};

function toReport({ counts, durationMs, timings, utilization }: Reporting) {
  const eventLoopUtilization = utilization();
  return {
    ...counts,
    duration_ms: durationMs,
    rows_per_second: durationMs > 0 ? (counts.accepted * 1000) / durationMs : 0,
    ...timings.summarize(),
    event_loop_utilization: eventLoopUtilization,
    /** Why the figures are the sender's own; null where nothing tells so. */
    sender_limit: findSenderLimit({ eventLoopUtilization, lagP99Ms: timings.lagP99Ms() }),
  };
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
