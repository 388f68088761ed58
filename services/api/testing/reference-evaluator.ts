import { type Rule, toDurationMs } from '@sensor-sentinel/contracts';
import type {
  EvaluatedIncident,
  EvaluatorOptions,
  RuleReading,
  SensorRuleState,
} from '../features/rules/evaluator.ts';
import { listActivity, listCounted, usualInterval } from './reference-conditions.ts';
import { type Course, type Moment, toMomentsCourse } from './reference-incidents.ts';
import { toSilentCourse } from './reference-silences.ts';

export interface Rejections {
  sensor: number;
  rejected: number;
  stored: number;
  atMs: number;
}

/** Whatever reaches an evaluator. */
export type RuleEvent = { reading: RuleReading } | { rejections: Rejections } | { tickMs: number };

export interface Evaluated {
  incidents: EvaluatedIncident[];
  states: SensorRuleState[];
}

/** Evaluates rules as slowly and simply as possible: all events are looked at again for each result. */
export function evaluateByReference(
  options: EvaluatorOptions,
  events: readonly RuleEvent[],
  nowMs: number,
): Evaluated {
  const sensors = new Set(events.flatMap((event) => toSensor(event) ?? []));
  const evaluated: Evaluated = { incidents: [], states: [] };
  for (const sensor of sensors) {
    const first = events.findIndex((event) => toSensor(event) === sensor);
    const own = events.slice(first).filter((event) => 'tickMs' in event || toSensor(event) === sensor);
    for (const rule of options.rules.filter((one) => options.matches(one, sensor))) {
      const { incidents, inWhich } = toCourse(options, rule, own);
      evaluated.incidents.push(...incidents.map((incident) => ({ ...incident, sensor })));
      const shown = toShown(rule, { own, inWhich, nowMs, options });
      if (shown) evaluated.states.push({ rule: rule.name, sensor, ...shown });
    }
  }
  return evaluated;
}

function toSensor(event: RuleEvent): number | undefined {
  if ('reading' in event) return event.reading.sensor;
  return 'rejections' in event ? event.rejections.sensor : undefined;
}

/** The newest time that the sensor has seen. */
function toEndMs(own: readonly RuleEvent[]): number {
  const ticks = own.map((event) => ('tickMs' in event ? event.tickMs : -Infinity));
  return Math.max(...ticks, ...toReadings(own).map(({ receivedMs }) => receivedMs));
}

function toReadings(events: readonly RuleEvent[]): RuleReading[] {
  return events.flatMap((event) => ('reading' in event ? event.reading : []));
}

function toCourse(options: EvaluatorOptions, rule: Rule, own: readonly RuleEvent[]): Course {
  if (lacksFeature(options, rule)) return { incidents: [], inWhich: null };
  if (rule.condition.kind === 'silent') return toSilentCourse(rule, toReadings(own), toEndMs(own));
  const moments =
    rule.condition.kind === 'rejected'
      ? toRejectedMoments(rule.condition, own, options)
      : listActivity(rule, toReadings(own), options).map(({ isActive, clockMs, reading }) => ({
          isActive,
          atMs: clockMs,
          readings: [reading],
          seq: reading.seq,
          isSeen: true,
        }));
  return toMomentsCourse(rule, moments);
}

function lacksFeature({ features }: EvaluatorOptions, { condition }: Rule): boolean {
  return 'feature' in condition && !features.some(({ name }) => name === condition.feature);
}

function toRejectedMoments(
  { window, raise, clear }: Extract<Rule['condition'], { kind: 'rejected' }>,
  own: readonly RuleEvent[],
  { maxClockSkewMs }: EvaluatorOptions,
): Moment[] {
  const counts: Rejections[] = [];
  const moments: Moment[] = [];
  let nowMs = -Infinity;
  let isActive = false;
  const counted = new Set(listCounted(toReadings(own), maxClockSkewMs).map(({ reading }) => reading));
  for (const event of own) {
    if ('reading' in event) {
      if (counted.has(event.reading)) moments.at(-1)?.readings.push(event.reading);
      continue;
    }
    nowMs = Math.max(nowMs, 'tickMs' in event ? event.tickMs : event.rejections.atMs);
    if ('rejections' in event) counts.push({ ...event.rejections, atMs: nowMs });
    if (counts.length === 0) continue;
    const recent = counts.filter(({ atMs }) => atMs > nowMs - toDurationMs(window));
    const rejected = recent.reduce((sum, one) => sum + one.rejected, 0);
    const size = recent.reduce((sum, one) => sum + one.rejected + one.stored, 0);
    const share = size === 0 ? 0 : rejected / size;
    if (share >= raise && size >= 3) isActive = true;
    if (share < raise && share <= (clear ?? 1)) isActive = false;
    moments.push({ atMs: nowMs, isActive, readings: [], seq: null, isSeen: 'rejections' in event });
  }
  return moments;
}

function toShown(
  rule: Rule,
  {
    own,
    inWhich,
    nowMs,
    options,
  }: { own: readonly RuleEvent[]; inWhich: Course['inWhich']; nowMs: number; options: EvaluatorOptions },
): Course['inWhich'] {
  const readings = toReadings(own);
  const newestMs = Math.max(Number.MIN_SAFE_INTEGER, ...readings.map(({ receivedMs }) => receivedMs));
  if (lacksFeature(options, rule)) return { state: 'error', sinceMs: newestMs };
  const isQuiet = nowMs - newestMs > Math.max(60_000, 10 * (usualInterval(readings) ?? 0));
  const needsReadings = rule.condition.kind !== 'silent' && rule.condition.kind !== 'rejected';
  if (isQuiet && needsReadings && (inWhich === null || inWhich.state === 'pending'))
    return { state: 'no_data', sinceMs: newestMs };
  return inWhich;
}
