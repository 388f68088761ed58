import { type Condition, toDurationMs } from '@sensor-sentinel/contracts';
import type { ClockedReading } from './sensor-clock.ts';
import { addEntry, createShareWindow, type ShareWindow, toWindowLimits } from './share-window.ts';

/** The number of readings that a window of a duration needs before it raises. */
export const minWindowReadings = 3;

/** What an evaluation says: a condition that is neither raised nor cleared stays as it is. */
export type Signal = 'raised' | 'cleared' | 'neither';

export interface FeatureLimits {
  name: string;
  min: number | null;
  max: number | null;
}

/** What conditions see of a reading. */
export interface Observation extends ClockedReading {
  /** Arrival − timestamp. */
  offsetMs: number;
  values: readonly (number | null)[];
  prediction: 0 | 1 | null;
  score: number | null;
}

/** What a condition remembers of a sensor. Each kind uses what it needs. Plain JSON. */
export interface ConditionMemory {
  value: number | null;
  atMs: number;
  count: number;
  window: ShareWindow | null;
}

export type Observe = (memory: ConditionMemory, reading: Observation) => Signal;

type Of<Kind extends Condition['kind']> = Extract<Condition, { kind: Kind }>;

/** A condition that is evaluated at each reading. */
export type ReadingCondition = Exclude<Condition, Of<'silent' | 'rejected'>>;

export function createConditionMemory(): ConditionMemory {
  return { value: null, atMs: 0, count: 0, window: null };
}

/** Null if the sensor type lacks the feature. */
export function createObserve(
  condition: ReadingCondition,
  features: readonly FeatureLimits[],
): Observe | null {
  switch (condition.kind) {
    case 'anomaly_share':
      return observeShare(condition, ({ prediction }) => prediction);
    case 'late':
      return observeShare(condition, ({ isLate }) => (isLate ? 1 : 0));
    case 'anomalies_in_a_row':
      return observeAnomaliesInARow(condition);
    case 'score_above':
      return observeScore(condition);
    case 'clock_skew':
      return observeClockSkew(condition);
  }
  const place = features.findIndex(({ name }) => name === condition.feature);
  const feature = features[place];
  if (!feature) return null;
  if (condition.kind === 'feature') return observeLevels(condition, place, feature);
  return condition.kind === 'stuck' ? observeStuck(condition, place) : observeRate(condition, place);
}

export interface ShareLevels {
  raise: number;
  clear?: number | undefined;
}

/** `size` readings, of which `hits` are what the condition counts. */
export function toShareSignal(
  { raise, clear }: ShareLevels,
  { hits, size }: { hits: number; size: number },
  minSize: number,
): Signal {
  const share = size === 0 ? 0 : hits / size;
  if (share >= raise) return size >= minSize ? 'raised' : 'neither';
  return clear === undefined || share <= clear ? 'cleared' : 'neither';
}

/** The share of the readings for which `isHit` is 1; a reading for which it is null does not enter the window. */
function observeShare(
  condition: Of<'anomaly_share' | 'late'>,
  isHit: (reading: Observation) => 0 | 1 | null,
): Observe {
  const { window: length } = condition;
  const isCounted = typeof length === 'number';
  const limits = toWindowLimits(isCounted ? { readings: length } : { durationMs: toDurationMs(length) });
  return (memory, reading) => {
    const hits = isHit(reading);
    if (hits === null) return 'neither';
    memory.window ??= createShareWindow();
    // Without times, which a number of readings does not need, the saved state is shorter.
    addEntry(memory.window, { atMs: isCounted ? 0 : reading.clockMs, hits, size: 1 }, limits);
    if (!isCounted) return toShareSignal(condition, memory.window, minWindowReadings);
    return toShareSignal(condition, { hits: memory.window.hits, size: length }, 1);
  };
}

function observeAnomaliesInARow({ count }: Of<'anomalies_in_a_row'>): Observe {
  return (memory, { prediction }) => {
    if (prediction === null) return 'neither';
    memory.count = prediction === 1 ? Math.min(memory.count + 1, count) : 0;
    if (prediction === 0) return 'cleared';
    return memory.count === count ? 'raised' : 'neither';
  };
}

function observeScore({ above, clear = above }: Of<'score_above'>): Observe {
  return (_, { score }) => {
    if (score === null) return 'neither';
    if (score > above) return 'raised';
    return score <= clear ? 'cleared' : 'neither';
  };
}

function observeClockSkew({ above }: Of<'clock_skew'>): Observe {
  const aboveMs = toDurationMs(above);
  return (_, { offsetMs }) => (Math.abs(offsetMs) > aboveMs ? 'raised' : 'cleared');
}

function observeLevels(condition: Of<'feature'>, place: number, { min, max }: FeatureLimits): Observe {
  const { above = Infinity, below = -Infinity, outside_limits, hysteresis } = condition;
  const high = Math.min(above, (outside_limits ? max : null) ?? Infinity);
  const low = Math.max(below, (outside_limits ? min : null) ?? -Infinity);
  return (_, { values }) => {
    const value = values[place] ?? null;
    if (value === null) return 'neither';
    if (value > high || value < low) return 'raised';
    return value <= high - hysteresis && value >= low + hysteresis ? 'cleared' : 'neither';
  };
}

function observeRate({ above, per }: Of<'rate_of_change'>, place: number): Observe {
  const perMs = toDurationMs(per);
  return (memory, { values, clockMs }) => {
    const value = values[place] ?? null;
    if (value === null) return 'neither';
    const { value: previous, atMs: previousMs } = memory;
    memory.value = value;
    memory.atMs = clockMs;
    if (previous === null || clockMs === previousMs) return 'neither';
    return (Math.abs(value - previous) / (clockMs - previousMs)) * perMs > above ? 'raised' : 'cleared';
  };
}

function observeStuck({ duration }: Of<'stuck'>, place: number): Observe {
  const durationMs = toDurationMs(duration);
  return (memory, { values, clockMs }) => {
    const value = values[place] ?? null;
    if (value === null) return 'neither';
    if (value === memory.value) return clockMs - memory.atMs >= durationMs ? 'raised' : 'neither';
    memory.value = value;
    memory.atMs = clockMs;
    return 'cleared';
  };
}
