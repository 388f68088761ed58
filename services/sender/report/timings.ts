import type { Clock } from '../clock.ts';
import { createLatencies } from './latencies.ts';
import { createRecent } from './recent.ts';

/**
 * Latency counts from the time at which a row was meant to be sent, so that a stalled API cannot hide what its stalling
 * kept from being sent; service time counts from the last attempt. Lag is how late a row went out though a connection
 * was free: the sender's own.
 */
export function createTimings(clock: Clock) {
  const latency = createLatencies();
  const service = createLatencies();
  const lag = createLatencies();
  const recent = createRecent(clock);
  return {
    offer: recent.offer,
    answer(latencyMs: number, serviceMs: number): void {
      latency.record(latencyMs);
      service.record(serviceMs);
      recent.accept(latencyMs);
    },
    start: lag.record,
    recent: recent.snapshot,
    lagP99Ms: () => lag.percentile(99),
    summarize: () => ({
      latency_ms: latency.summarize(),
      service_ms: service.summarize(),
      schedule_lag_ms: lag.summarize(),
    }),
    close: () => {
      for (const { close } of [latency, service, lag, recent]) close();
    },
  };
}
