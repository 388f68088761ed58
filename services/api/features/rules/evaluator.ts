import { type Rule, type RuleState, toDurationMs } from '@sensor-sentinel/contracts';
import type { FeatureLimits } from './conditions.ts';
import {
  addRejections,
  advanceRejections,
  advanceSilence,
  type Evaluation,
  endSilence,
  evaluateReading,
  toEvaluation,
} from './evaluated-rule.ts';
import {
  countReading,
  createRuleMemory,
  type EvaluatedIncident,
  type RuleMemory,
  type RuleSlot,
} from './rule-state.ts';
import { createSensorClock, moveClock, type SensorClock } from './sensor-clock.ts';
import { type Arrivals, addArrival, createArrivals, usualIntervalMs } from './usual-interval.ts';

export type { EvaluatedIncident } from './rule-state.ts';

export interface RuleReading {
  seq: number;
  id: string;
  sensor: number;
  timestampMs: number;
  receivedMs: number;
  values: readonly (number | null)[];
  prediction: 0 | 1 | null;
  score: number | null;
}

/** The rules of one sensor type. */
export interface EvaluatorOptions {
  features: readonly FeatureLimits[];
  rules: readonly Rule[];
  /** Whether a rule applies to a sensor. */
  matches: (rule: Rule, sensor: number) => boolean;
  maxClockSkewMs: number;
}

export interface SensorRuleState {
  rule: string;
  sensor: number;
  state: RuleState;
  /** When the state began; of `no_data` and `error`, the newest arrival. */
  sinceMs: number;
}

/** What the evaluator knows of a sensor. JSON. */
export interface SavedSensor {
  sensor: number;
  clock: SensorClock;
  arrivals: Arrivals;
  /** The time of the newest evaluation of rejected readings. */
  rejectionsMs: number;
  rules: RuleMemory[];
}

export interface SavedState {
  sensors: SavedSensor[];
}

export interface Evaluator {
  /** Readings of a sensor come in the order of `seq`. */
  add(reading: RuleReading): void;
  addRejected(sensor: number, counts: { rejected: number; stored: number; atMs: number }): void;
  /** Evaluates what depends on time alone. No reading with an earlier arrival may follow. */
  advance(nowMs: number): void;
  /** Incidents that were opened, changed or cleared since the last call, in order of opening, as they are now. */
  takeChanges(): EvaluatedIncident[];
  /** All states but `normal`. */
  states(nowMs: number): SensorRuleState[];
  /**
   * The state of all sensors or of some, to be serialized at once: it is not a copy. Changes that were not taken are not
   * part of it.
   */
  save(sensors?: Iterable<number>): SavedState;
  /**
   * Continues from a saved state: sensors in it replace those of the same number. Rules are matched by name: those that
   * are missing start anew. A rule whose condition has changed must be removed from the state first.
   */
  restore(saved: SavedState): void;
}

/** A sensor without data is shown as such after this many usual intervals, or after `minNoDataMs`. */
const noDataIntervals = 10;
const minNoDataMs = 60_000;

interface EvaluatedSlot extends RuleSlot {
  evaluation: Evaluation;
}

interface Sensor extends Omit<SavedSensor, 'rules'> {
  slots: EvaluatedSlot[];
  /** Those of `slots` that also change without a reading. */
  timed: EvaluatedSlot[];
}

/** Evaluates rules over the readings of each sensor. The result depends on the readings and the clock only. */
export function createEvaluator(options: EvaluatorOptions): Evaluator {
  const sensors = new Map<number, Sensor>();
  const changed = new Set<EvaluatedIncident>();
  const rules = options.rules.map((rule) => ({
    rule,
    evaluation: toEvaluation(rule, options.features),
    forMs: toDurationMs(rule.for),
    keepFiringForMs: toDurationMs(rule.keep_firing_for),
  }));

  function putSensor({ rules: memories, ...saved }: SavedSensor): Sensor {
    const matching = rules.filter(({ rule }) => options.matches(rule, saved.sensor));
    const slots = matching.map(({ rule: { name }, ...rest }) => {
      const memory = memories.find(({ rule }) => rule === name) ?? createRuleMemory(name);
      return { ...rest, sensor: saved.sensor, memory, changed };
    });
    const timed = slots.filter(({ evaluation: { by } }) => by === 'silence' || by === 'rejections');
    const sensor = { ...saved, slots, timed };
    sensors.set(saved.sensor, sensor);
    return sensor;
  }

  return {
    add(reading) {
      addReading(
        sensors.get(reading.sensor) ?? putSensor(createSensor(reading.sensor)),
        reading,
        options.maxClockSkewMs,
      );
    },
    addRejected(number, { rejected, stored, atMs }) {
      const sensor = sensors.get(number) ?? putSensor(createSensor(number));
      sensor.rejectionsMs = Math.max(sensor.rejectionsMs, atMs);
      const counts = { rejected, stored, atMs: sensor.rejectionsMs };
      for (const slot of sensor.timed)
        if (slot.evaluation.by === 'rejections') addRejections(slot, slot.evaluation, counts);
    },
    advance(nowMs) {
      for (const sensor of sensors.values()) advanceSensor(sensor, nowMs);
    },
    takeChanges() {
      const incidents = [...changed].map((incident) => ({ ...incident })).sort(byOpening);
      changed.clear();
      return incidents;
    },
    states: (nowMs) => [...sensors.values()].flatMap((sensor) => listStates(sensor, nowMs)),
    save(numbers = sensors.keys()) {
      return { sensors: [...numbers].flatMap((number) => toSaved(sensors.get(number))) };
    },
    restore(saved) {
      for (const sensor of structuredClone(saved.sensors)) putSensor(sensor);
    },
  };
}

function createSensor(sensor: number): SavedSensor {
  const rejectionsMs = Number.MIN_SAFE_INTEGER;
  return { sensor, clock: createSensorClock(), arrivals: createArrivals(), rejectionsMs, rules: [] };
}

function toSaved(sensor: Sensor | undefined): SavedSensor[] {
  if (!sensor) return [];
  const { slots, timed: _, ...rest } = sensor;
  return [{ ...rest, rules: slots.map(({ memory }) => memory) }];
}

function addReading({ clock, arrivals, slots, timed }: Sensor, reading: RuleReading, skewMs: number): void {
  const { receivedMs, timestampMs, seq, id, values, prediction, score } = reading;
  for (const slot of timed)
    if (slot.evaluation.by === 'silence')
      advanceSilence(slot, slot.evaluation, { arrivals, nowMs: receivedMs });
  addArrival(arrivals, receivedMs);
  const { clockMs, isBackfill, isLate } = moveClock(clock, reading, skewMs);
  const offsetMs = receivedMs - timestampMs;
  const observation = { seq, id, values, prediction, score, clockMs, isBackfill, isLate, offsetMs };
  for (const slot of slots) {
    const { evaluation } = slot;
    if (evaluation.by === 'silence') endSilence(slot, arrivals.newestMs);
    else if (isBackfill && !(evaluation.by === 'readings' && evaluation.takesBackfills)) continue;
    if (evaluation.by === 'readings') evaluateReading(slot, evaluation.observe, observation);
    else countReading(slot, reading);
  }
}

function advanceSensor(sensor: Sensor, nowMs: number): void {
  const { arrivals, timed } = sensor;
  for (const slot of timed) {
    const { evaluation } = slot;
    if (evaluation.by === 'silence') advanceSilence(slot, evaluation, { arrivals, nowMs });
    if (evaluation.by !== 'rejections') continue;
    sensor.rejectionsMs = Math.max(sensor.rejectionsMs, nowMs);
    advanceRejections(slot, evaluation, sensor.rejectionsMs);
  }
}

function listStates({ sensor, arrivals, slots }: Sensor, nowMs: number): SensorRuleState[] {
  const usualMs = usualIntervalMs(arrivals) ?? 0;
  const hasNoData = nowMs - arrivals.newestMs > Math.max(minNoDataMs, noDataIntervals * usualMs);
  return slots.flatMap(({ evaluation: { by }, memory: { rule, state, sinceMs } }) => {
    if (by === 'nothing') return { rule, sensor, state: 'error', sinceMs: arrivals.newestMs };
    // An open incident stays visible, and silence and rejections are known without data.
    const isWaiting = by === 'readings' && (state === 'normal' || state === 'pending');
    if (hasNoData && isWaiting) return { rule, sensor, state: 'no_data', sinceMs: arrivals.newestMs };
    return state === 'normal' ? [] : { rule, sensor, state, sinceMs };
  });
}

function byOpening(a: EvaluatedIncident, b: EvaluatedIncident): number {
  return a.openedMs - b.openedMs || a.sensor - b.sensor || (a.openedSeq ?? -1) - (b.openedSeq ?? -1);
}
