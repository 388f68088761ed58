import { type Rule, toDurationMs } from '@sensor-sentinel/contracts';
import {
  createObserve,
  type FeatureLimits,
  minWindowReadings,
  type Observation,
  type Observe,
  type ShareLevels,
  toShareSignal,
} from './conditions.ts';
import { type CountedReading, countReading, type RuleSlot, seeActive, updateState } from './rule-state.ts';
import { addEntry, createShareWindow, dropEntriesUntil, toWindowLimits } from './share-window.ts';
import { type Arrivals, usualIntervalMs } from './usual-interval.ts';

/** When a rule is evaluated, and what it needs for that. */
export type Evaluation =
  | { by: 'readings'; observe: Observe; takesBackfills: boolean }
  | ({ by: 'silence' } & SilenceLimit)
  | ({ by: 'rejections' } & RejectionLevels)
  /** The sensor type lacks the feature. */
  | { by: 'nothing' };

/** How long a sensor may be silent: a time, or a multiple of its usual interval. */
export interface SilenceLimit {
  afterMs: number | null;
  intervals: number;
}

export interface RejectionLevels {
  levels: ShareLevels;
  durationMs: number;
}

export function toEvaluation({ condition }: Rule, features: readonly FeatureLimits[]): Evaluation {
  if (condition.kind === 'silent') {
    const { after, intervals = 0 } = condition;
    return { by: 'silence', afterMs: after === undefined ? null : toDurationMs(after), intervals };
  }
  if (condition.kind === 'rejected')
    return { by: 'rejections', levels: condition, durationMs: toDurationMs(condition.window) };
  const observe = createObserve(condition, features);
  const takesBackfills = condition.kind === 'clock_skew' || condition.kind === 'late';
  return observe ? { by: 'readings', observe, takesBackfills } : { by: 'nothing' };
}

/** Evaluates a condition at a reading of the sensor. */
export function evaluateReading(
  slot: RuleSlot,
  observe: Observe,
  reading: Observation & CountedReading & { seq: number },
): void {
  const { memory } = slot;
  const signal = observe(memory.condition, reading);
  if (signal !== 'neither') memory.isActive = signal === 'raised';
  if (!memory.isActive && memory.state === 'normal') return;
  updateState(slot, { atMs: reading.clockMs, seq: reading.seq });
  countReading(slot, reading);
  if (memory.isActive) seeActive(slot, reading.clockMs);
}

/** Moves a rule to everything that became due in silence until a time, each at its due time. */
export function advanceSilence(
  slot: RuleSlot,
  limit: SilenceLimit,
  { arrivals, nowMs }: { arrivals: Arrivals; nowMs: number },
): void {
  const { memory } = slot;
  const updateAt = (atMs: number) => updateState(slot, { atMs, seq: null });
  if (!memory.isActive) {
    const dueMs = toSilenceDueMs(limit, arrivals);
    const recoveredMs = memory.sinceMs + slot.keepFiringForMs;
    if (memory.state === 'recovering' && recoveredMs <= nowMs && recoveredMs < dueMs) updateAt(recoveredMs);
    if (dueMs > nowMs) return;
    memory.isActive = true;
    updateAt(Math.max(dueMs, memory.sinceMs));
  }
  if (memory.state === 'pending' && memory.sinceMs + slot.forMs <= nowMs)
    updateAt(memory.sinceMs + slot.forMs);
}

function toSilenceDueMs({ afterMs, intervals }: SilenceLimit, arrivals: Arrivals): number {
  if (arrivals.newestMs === Number.MIN_SAFE_INTEGER) return Infinity;
  if (afterMs !== null) return arrivals.newestMs + afterMs;
  const usualMs = usualIntervalMs(arrivals);
  return usualMs === null ? Infinity : arrivals.newestMs + Math.ceil(intervals * usualMs);
}

/** Ends the silence at the arrival of a reading, up to which it has been advanced. */
export function endSilence(slot: RuleSlot, arrivedMs: number): void {
  const { memory } = slot;
  if (!memory.isActive) return;
  const atMs = Math.max(arrivedMs, memory.sinceMs);
  seeActive(slot, atMs);
  memory.isActive = false;
  updateState(slot, { atMs, seq: null });
}

/** Adds rejected and stored readings to the window of a rule. */
export function addRejections(
  slot: RuleSlot,
  rejections: RejectionLevels,
  { rejected, stored, atMs }: { rejected: number; stored: number; atMs: number },
): void {
  slot.memory.condition.window ??= createShareWindow();
  const entry = { atMs, hits: rejected, size: rejected + stored };
  addEntry(slot.memory.condition.window, entry, toWindowLimits(rejections));
  advanceRejections(slot, rejections, atMs);
  if (slot.memory.isActive) seeActive(slot, atMs);
}

/** Evaluates the window of a rule at a time. */
export function advanceRejections(
  slot: RuleSlot,
  { levels, durationMs }: RejectionLevels,
  nowMs: number,
): void {
  const { memory } = slot;
  const { window } = memory.condition;
  if (!window) return;
  dropEntriesUntil(window, nowMs - durationMs);
  const signal = toShareSignal(levels, window, minWindowReadings);
  if (signal !== 'neither') memory.isActive = signal === 'raised';
  updateState(slot, { atMs: nowMs, seq: null });
}
