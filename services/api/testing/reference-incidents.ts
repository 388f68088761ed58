import { type Rule, toDurationMs } from '@sensor-sentinel/contracts';
import type { EvaluatedIncident, RuleReading, SensorRuleState } from '../features/rules/evaluator.ts';

/** What is known of a rule at a sensor once all events are over. `inWhich` is null where the state is normal. */
export interface Course {
  incidents: EvaluatedIncident[];
  inWhich: { state: SensorRuleState['state']; sinceMs: number } | null;
}

/** A time at which a condition is evaluated. */
export interface Moment {
  atMs: number;
  isActive: boolean;
  /** The reading at it, or those from it until the next moment. */
  readings: RuleReading[];
  seq: number | null;
  /** Whether the condition, if active, was seen then; ticks see nothing. */
  isSeen: boolean;
}

/** The incidents of a rule that is evaluated at these moments. */
export function toMomentsCourse(rule: Rule, moments: readonly Moment[]): Course {
  const [forMs, keepMs] = [toDurationMs(rule.for), toDurationMs(rule.keep_firing_for)];
  const incidents: EvaluatedIncident[] = [];
  const at = (index: number) => moments[index]?.atMs ?? Number.NaN;
  const isActive = (index: number) => moments[index]?.isActive === true;
  for (let start = 0; start < moments.length; start++) {
    if (!isActive(start)) continue;
    let opened = start;
    while (isActive(opened) && at(opened) - at(start) < forMs) opened += 1;
    if (opened === moments.length) return { incidents, inWhich: { state: 'pending', sinceMs: at(start) } };
    if (!isActive(opened)) {
      start = opened;
      continue;
    }
    let firingSinceMs = at(opened);
    let quietSinceMs: number | null = null;
    let end = opened + 1;
    for (; end < moments.length; end++) {
      if (isActive(end) && quietSinceMs !== null) firingSinceMs = at(end);
      quietSinceMs = isActive(end) ? null : (quietSinceMs ?? at(end));
      if (quietSinceMs !== null && at(end) - quietSinceMs >= keepMs) break;
    }
    incidents.push(
      toIncident(rule, moments.slice(start, end), { opened: opened - start, clearedMs: at(end) }),
    );
    if (end === moments.length && quietSinceMs !== null)
      return { incidents, inWhich: { state: 'recovering', sinceMs: quietSinceMs } };
    if (end === moments.length) return { incidents, inWhich: { state: 'firing', sinceMs: firingSinceMs } };
    start = end;
  }
  return { incidents, inWhich: null };
}

function toIncident(
  rule: Rule,
  moments: readonly Moment[],
  { opened, clearedMs }: { opened: number; clearedMs: number },
): EvaluatedIncident {
  const opening = moments[opened];
  const seen = moments.filter(({ isActive, isSeen }, index) => index >= opened && isActive && isSeen);
  const openedMs = opening?.atMs ?? Number.NaN;
  return {
    rule: rule.name,
    sensor: 0,
    startedMs: moments[0]?.atMs ?? Number.NaN,
    openedMs,
    openedSeq: opening?.seq ?? null,
    lastSeenMs: seen.at(-1)?.atMs ?? openedMs,
    clearedMs: Number.isNaN(clearedMs) ? null : clearedMs,
    ...countAll(moments.flatMap(({ readings }) => readings)),
  };
}

/** What an incident counts of its readings. */
export function countAll(readings: readonly RuleReading[]) {
  const scores = readings.flatMap(({ score }) => score ?? []);
  const peakScore = scores.length === 0 ? null : Math.max(...scores);
  const peak = readings.find(({ score }) => score !== null && score === peakScore);
  const anomalies = readings.filter(({ prediction }) => prediction === 1).length;
  return { readings: readings.length, anomalies, peakScore, peakReadingId: peak?.id ?? null };
}
