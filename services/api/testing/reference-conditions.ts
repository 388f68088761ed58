import { type Rule, toDurationMs } from '@sensor-sentinel/contracts';
import type { EvaluatorOptions, RuleReading } from '../features/rules/evaluator.ts';

/** A reading that conditions take into account, at the clock of its sensor. */
interface Counted {
  reading: RuleReading;
  clockMs: number;
  isLate: boolean;
}

export interface Activity extends Counted {
  isActive: boolean;
}

/** Whether the condition of a rule is active at each reading that it takes into account. */
export function listActivity(
  rule: Rule,
  readings: readonly RuleReading[],
  { features, maxClockSkewMs }: EvaluatorOptions,
): Activity[] {
  const takesAll = rule.condition.kind === 'late' || rule.condition.kind === 'clock_skew';
  const counted = listCounted(readings, maxClockSkewMs, takesAll);
  let isActive = false;
  return counted.map((one, index) => {
    isActive = toActive(rule.condition, { upToNow: counted.slice(0, index + 1), features }) ?? isActive;
    return { ...one, isActive };
  });
}

/** The readings at the clock of their sensor, without backfills unless all are taken. */
export function listCounted(
  readings: readonly RuleReading[],
  maxClockSkewMs: number,
  takesAll = false,
): Counted[] {
  const delayOf = ({ receivedMs, timestampMs }: RuleReading) => receivedMs - timestampMs;
  const times = readings.map((reading) =>
    Math.abs(delayOf(reading)) > maxClockSkewMs ? reading.receivedMs : reading.timestampMs,
  );
  return readings.flatMap((reading, index) => {
    const before = readings.slice(0, index);
    const isLate = before.some(
      (other) => other.timestampMs > reading.timestampMs && delayOf(other) >= -maxClockSkewMs,
    );
    const counted = { reading, clockMs: Math.max(...times.slice(0, index + 1)), isLate };
    if (takesAll || delayOf(reading) <= maxClockSkewMs) return counted;
    const run = before.slice(before.findLastIndex((other) => delayOf(other) <= maxClockSkewMs) + 1);
    const anchor = [...run, reading].reduce((steady, other) =>
      Math.abs(delayOf(other) - delayOf(steady)) > 30_000 ? other : steady,
    );
    return reading.receivedMs - anchor.receivedMs >= 60_000 ? counted : [];
  });
}

/** Whether a condition is active at the newest reading; null leaves it as it was. */
function toActive(
  condition: Rule['condition'],
  { upToNow, features }: { upToNow: readonly Counted[]; features: EvaluatorOptions['features'] },
): boolean | null {
  const now = upToNow.at(-1);
  if (!now) return null;
  const { prediction, score, receivedMs, timestampMs, values } = now.reading;
  const place = 'feature' in condition ? features.findIndex(({ name }) => name === condition.feature) : -1;
  const known = upToNow.filter(({ reading }) => typeof reading.values[place] === 'number');
  const valueAt = (index: number) => known.at(index)?.reading.values[place] ?? Number.NaN;
  const isKnown = typeof values[place] === 'number';
  switch (condition.kind) {
    case 'late':
      return toShareActive(
        condition,
        upToNow.map((one) => ({ ...one, isHit: one.isLate })),
      );
    case 'anomaly_share': {
      if (prediction === null) return null;
      const scored = upToNow.filter(({ reading }) => reading.prediction !== null);
      return toShareActive(
        condition,
        scored.map((one) => ({ ...one, isHit: one.reading.prediction === 1 })),
      );
    }
    case 'anomalies_in_a_row': {
      if (prediction !== 1) return prediction === 0 ? false : null;
      const scored = upToNow.filter(({ reading }) => reading.prediction !== null).slice(-condition.count);
      const isFull = scored.length === condition.count;
      return isFull && scored.every(({ reading }) => reading.prediction === 1) ? true : null;
    }
    case 'score_above':
      if (score === null) return null;
      return score > condition.above ? true : score <= (condition.clear ?? condition.above) ? false : null;
    case 'clock_skew':
      return Math.abs(receivedMs - timestampMs) > toDurationMs(condition.above);
    case 'feature':
      return isKnown ? toLevelActive(condition, valueAt(-1), features[place]) : null;
    case 'rate_of_change': {
      const elapsedMs = (known.at(-1)?.clockMs ?? 0) - (known.at(-2)?.clockMs ?? 0);
      if (!isKnown || known.length < 2 || elapsedMs === 0) return null;
      const change = Math.abs(valueAt(-1) - valueAt(-2));
      return (change / elapsedMs) * toDurationMs(condition.per) > condition.above;
    }
    case 'stuck': {
      if (!isKnown) return null;
      const other = known.findLastIndex(({ reading }) => reading.values[place] !== valueAt(-1));
      if (other === known.length - 2) return false;
      const sinceMs = known[other + 1]?.clockMs ?? now.clockMs;
      return now.clockMs - sinceMs >= toDurationMs(condition.duration) ? true : null;
    }
    default:
      return null;
  }
}

function toShareActive(
  { window, raise, clear }: { window: number | string; raise: number; clear?: number | undefined },
  all: readonly { clockMs: number; isHit: boolean }[],
): boolean | null {
  const nowMs = all.at(-1)?.clockMs ?? 0;
  const newest =
    typeof window === 'number'
      ? all.slice(-window)
      : all.slice(-1000).filter(({ clockMs }) => clockMs > nowMs - toDurationMs(window));
  const share =
    newest.filter(({ isHit }) => isHit).length / (typeof window === 'number' ? window : newest.length);
  if (share >= raise) return typeof window === 'number' || newest.length >= 3 ? true : null;
  return share <= (clear ?? 1) ? false : null;
}

function toLevelActive(
  condition: Extract<Rule['condition'], { kind: 'feature' }>,
  value: number,
  feature: EvaluatorOptions['features'][number] | undefined,
): boolean | null {
  const limits = condition.outside_limits ? feature : undefined;
  const above = [condition.above, limits?.max].filter((level) => typeof level === 'number');
  const below = [condition.below, limits?.min].filter((level) => typeof level === 'number');
  if (above.some((level) => value > level) || below.some((level) => value < level)) return true;
  const isInside =
    above.every((level) => value <= level - condition.hysteresis) &&
    below.every((level) => value >= level + condition.hysteresis);
  return isInside ? false : null;
}

/** The usual interval of a sensor, from all its arrivals. */
export function usualInterval(readings: readonly RuleReading[]): number | null {
  const toMean = (gaps: readonly number[]) =>
    gaps.reduce((mean, gap, index) => (index === 0 ? gap : mean + 0.1 * (gap - mean)), 0);
  let learned: number[] = [];
  let outages = 0;
  for (const [index, { receivedMs }] of readings.entries()) {
    const gap = receivedMs - Math.max(...readings.slice(0, index).map((one) => one.receivedMs));
    if (index === 0 || gap <= 100) continue;
    outages = learned.length > 0 && gap > 10 * toMean(learned) ? outages + 1 : 0;
    if (outages === 5) [learned, outages] = [[], 0];
    if (outages === 0) learned = [...learned, gap];
  }
  return learned.length < 5 ? null : toMean(learned);
}
