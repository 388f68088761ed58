import type { RuleState } from '@sensor-sentinel/contracts';
import { type ConditionMemory, createConditionMemory } from './conditions.ts';

/** An incident as the evaluator knows it. Its identity is (rule, version, sensor, openedMs, openedSeq). */
export interface EvaluatedIncident {
  rule: string;
  sensor: number;
  startedMs: number;
  openedMs: number;
  /** The reading that opened it; null if a due time did. */
  openedSeq: number | null;
  lastSeenMs: number;
  clearedMs: number | null;
  readings: number;
  anomalies: number;
  peakScore: number | null;
  peakReadingId: string | null;
}

/** What the evaluator knows of a rule at a sensor. Plain JSON. */
export interface RuleMemory {
  rule: string;
  condition: ConditionMemory;
  /** Whether the condition holds. */
  isActive: boolean;
  state: Exclude<RuleState, 'no_data' | 'error'>;
  /** When the state began. */
  sinceMs: number;
  /** From pending on; it has been opened once the state is firing or recovering. */
  incident: EvaluatedIncident | null;
}

/** A rule at a sensor. */
export interface RuleSlot {
  sensor: number;
  forMs: number;
  keepFiringForMs: number;
  memory: RuleMemory;
  /** Where opened incidents go when they change. */
  changed: Set<EvaluatedIncident>;
}

export interface Moment {
  atMs: number;
  /** The reading at this moment; null at a due time. */
  seq: number | null;
}

/** The reading as incidents count it. */
export interface CountedReading {
  id: string;
  prediction: 0 | 1 | null;
  score: number | null;
}

export function createRuleMemory(rule: string): RuleMemory {
  const condition = createConditionMemory();
  return { rule, condition, isActive: false, state: 'normal', sinceMs: 0, incident: null };
}

/** Moves the state to a moment, at which the condition is active or not. */
export function updateState(slot: RuleSlot, moment: Moment): void {
  const { memory } = slot;
  if (memory.isActive) raise(slot, moment);
  else if (memory.state !== 'normal') settle(slot, moment.atMs);
}

function raise(slot: RuleSlot, { atMs, seq }: Moment): void {
  const { memory, forMs } = slot;
  if (memory.state === 'recovering') enter(memory, 'firing', atMs);
  if (memory.state === 'normal') {
    enter(memory, 'pending', atMs);
    memory.incident = createIncident(memory.rule, slot.sensor, atMs);
  }
  if (memory.state !== 'pending' || !memory.incident || atMs - memory.sinceMs < forMs) return;
  enter(memory, 'firing', atMs);
  Object.assign(memory.incident, { openedMs: atMs, openedSeq: seq, lastSeenMs: atMs });
  slot.changed.add(memory.incident);
}

function settle(slot: RuleSlot, atMs: number): void {
  const { memory, keepFiringForMs } = slot;
  if (memory.state === 'firing') enter(memory, 'recovering', atMs);
  if (memory.state === 'recovering' && atMs - memory.sinceMs < keepFiringForMs) return;
  if (memory.state === 'recovering' && memory.incident) {
    memory.incident.clearedMs = atMs;
    slot.changed.add(memory.incident);
  }
  enter(memory, 'normal', atMs);
  memory.incident = null;
}

function enter(memory: RuleMemory, state: RuleMemory['state'], atMs: number): void {
  memory.state = state;
  memory.sinceMs = atMs;
}

/** While pending, `openedMs` is provisional. */
function createIncident(rule: string, sensor: number, startedMs: number): EvaluatedIncident {
  return {
    rule,
    sensor,
    startedMs,
    openedMs: startedMs,
    openedSeq: null,
    lastSeenMs: startedMs,
    clearedMs: null,
    readings: 0,
    anomalies: 0,
    peakScore: null,
    peakReadingId: null,
  };
}

/** Notes that the condition held at a moment. */
export function seeActive({ memory, changed }: RuleSlot, atMs: number): void {
  if (!memory.incident) return;
  memory.incident.lastSeenMs = atMs;
  if (memory.state !== 'pending') changed.add(memory.incident);
}

/** Counts a reading in the incident, if there is one. */
export function countReading({ memory, changed }: RuleSlot, { id, prediction, score }: CountedReading): void {
  const { incident } = memory;
  if (!incident) return;
  incident.readings += 1;
  if (prediction === 1) incident.anomalies += 1;
  if (score !== null && (incident.peakScore === null || score > incident.peakScore)) {
    incident.peakScore = score;
    incident.peakReadingId = id;
  }
  if (memory.state !== 'pending') changed.add(incident);
}
