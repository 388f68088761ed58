import type { SenderLoad } from '@sensor-sentinel/contracts';
import type { Clock } from '../clock.ts';
import { createLatencies } from './latencies.ts';

const windowSeconds = 5;

/** Rates and latencies of the last five seconds, in one slot per second. */
export function createRecentLoad(clock: Clock) {
  const slots = Array.from({ length: windowSeconds }, () => ({
    second: Number.NEGATIVE_INFINITY,
    offered: 0,
    accepted: 0,
    latencies: createLatencies(),
  }));
  type Slot = (typeof slots)[number];
  const merged = createLatencies();
  const startedAtMs = clock.elapsed();

  function currentSlot(): Slot {
    const second = Math.floor(clock.elapsed() / 1000);
    const slot = slots[second % windowSeconds] as Slot; // the remainder is within bounds
    if (slot.second === second) return slot;
    slot.latencies.reset();
    return Object.assign(slot, { second, offered: 0, accepted: 0 });
  }

  return {
    offer: (rows: number) => {
      currentSlot().offered += rows;
    },
    accept: (latencyMs: number) => {
      const slot = currentSlot();
      slot.accepted += 1;
      slot.latencies.record(latencyMs);
    },
    snapshot(): Omit<SenderLoad, 'shed'> {
      const nowMs = clock.elapsed();
      const first = Math.floor(nowMs / 1000) - windowSeconds + 1;
      const recent = slots.filter(({ second }) => second >= first);
      const seconds = Math.max(1, nowMs - Math.max(startedAtMs, first * 1000)) / 1000;
      const sum = (name: 'offered' | 'accepted') => recent.reduce((total, slot) => total + slot[name], 0);
      merged.reset();
      for (const { latencies } of recent) merged.add(latencies);
      return {
        offered_per_second: sum('offered') / seconds,
        accepted_per_second: sum('accepted') / seconds,
        p50_ms: merged.percentile(50),
        p99_ms: merged.percentile(99),
      };
    },
    close: () => {
      for (const { close } of [merged, ...slots.map(({ latencies }) => latencies)]) close();
    },
  };
}
