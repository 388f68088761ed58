import { type Rule, toDurationMs } from '@sensor-sentinel/contracts';
import type { EvaluatedIncident, RuleReading } from '../features/rules/evaluator.ts';
import { usualInterval } from './reference-conditions.ts';
import { type Course, countAll } from './reference-incidents.ts';

/** The silences of a sensor as intervals of time, and the incidents that they make. */
export function toSilentCourse(rule: Rule, readings: readonly RuleReading[], endMs: number): Course {
  const [forMs, keepMs] = [toDurationMs(rule.for), toDurationMs(rule.keep_firing_for)];
  const newest = readings.map((_, index) =>
    Math.max(...readings.slice(0, index + 1).map(({ receivedMs }) => receivedMs)),
  );
  const silences = readings.flatMap((_, index) => {
    const fromMs = (newest[index] ?? 0) + toLimitMs(rule, readings.slice(0, index + 1));
    const next = readings[index + 1]?.receivedMs;
    return fromMs <= (next ?? endMs) ? { fromMs, untilMs: next ?? null } : [];
  });
  const incidents: EvaluatedIncident[] = [];
  let inWhich: Course['inWhich'] = null;
  for (const { fromMs, untilMs } of silences) {
    const open = incidents.at(-1);
    if (open && (open.clearedMs === null || open.clearedMs >= fromMs)) {
      open.clearedMs = untilMs === null ? null : untilMs + keepMs;
      open.lastSeenMs = untilMs ?? open.lastSeenMs;
      inWhich = { state: 'firing', sinceMs: fromMs };
    } else if ((untilMs ?? endMs) - fromMs >= forMs) {
      const openedMs = fromMs + forMs;
      const clearedMs = untilMs === null ? null : untilMs + keepMs;
      const times = {
        startedMs: fromMs,
        openedMs,
        openedSeq: null,
        lastSeenMs: untilMs ?? openedMs,
        clearedMs,
      };
      incidents.push({ rule: rule.name, sensor: 0, ...times, ...countAll([]) });
      inWhich = { state: 'firing', sinceMs: openedMs };
    } else if (untilMs === null) inWhich = { state: 'pending', sinceMs: fromMs };
    if (untilMs !== null)
      inWhich =
        inWhich?.state === 'firing' || inWhich?.state === 'recovering'
          ? { state: 'recovering', sinceMs: untilMs }
          : null;
  }
  return finishSilences({ incidents, inWhich }, { endMs, readings, newest });
}

/** What would clear after the end has not cleared; readings count from the start of an incident until it clears. */
function finishSilences(
  { incidents, inWhich }: Course,
  { endMs, readings, newest }: { endMs: number; readings: readonly RuleReading[]; newest: readonly number[] },
): Course {
  const finished = incidents.map((incident) => {
    const clearedMs = (incident.clearedMs ?? Infinity) <= endMs ? incident.clearedMs : null;
    const within = readings.filter((_, index) => {
      const arrivedMs = newest[index] ?? 0;
      return arrivedMs >= incident.startedMs && arrivedMs < (clearedMs ?? Infinity);
    });
    return { ...incident, clearedMs, ...countAll(within) };
  });
  const isOver = finished.at(-1)?.clearedMs !== null && inWhich?.state !== 'pending';
  return { incidents: finished, inWhich: isOver ? null : inWhich };
}

function toLimitMs({ condition }: Rule, readings: readonly RuleReading[]): number {
  if (condition.kind !== 'silent') return Infinity;
  if (condition.after !== undefined) return toDurationMs(condition.after);
  const usualMs = usualInterval(readings);
  return usualMs === null ? Infinity : Math.ceil((condition.intervals ?? 0) * usualMs);
}
