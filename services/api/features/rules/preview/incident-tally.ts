import { maxPreviewIncidents, type RulePreview } from '@sensor-sentinel/contracts';
import type { ApiError } from '../../../http/errors.ts';
import { toValidationError } from '../../../http/parse-request.ts';
import type { EvaluatedIncident } from '../evaluator.ts';
import { numberAt } from './reading-columns.ts';

/** Counts the incidents of one rule, of which only the newest are kept whole. */
export interface IncidentTally {
  /** What `takeChanges` of the evaluator returned. @throws ApiError `validation_failed` beyond a million incidents */
  addChanges: (changes: readonly EvaluatedIncident[]) => void;
  /** Feedback on an evaluated reading. */
  addLabel: (reading: { sensor: number; timestampMs: number }, isAnomaly: boolean) => void;
  /** The figures, where incidents that are still open end with the window. */
  finish: (endMs: number) => TalliedIncidents;
}

interface TalliedIncidents {
  /** The newest first. */
  newest: EvaluatedIncident[];
  incidents: number;
  sensors: number;
  medianLengthMs: number | null;
  medianDelayMs: number | null;
  feedback: RulePreview['feedback'];
}

/** What is kept of each incident. */
interface Span {
  sensor: number;
  startedMs: number;
  endMs: number;
  delayMs: number;
}

/** The timestamps of the readings of a sensor that are labeled 0 and 1. */
interface SensorLabels {
  normal: number[];
  anomalous: number[];
}

/** Beyond this number, the rule is of no use, and its incidents would fill the memory. */
const mostIncidents = 1_000_000;

export function createIncidentTally({ maxIncidents = mostIncidents } = {}): IncidentTally {
  const spans: Span[] = [];
  const open = new Map<number, EvaluatedIncident>();
  const labels = new Map<number, SensorLabels>();
  let newest: EvaluatedIncident[] = [];

  function close(incident: EvaluatedIncident, endMs: number): void {
    if (spans.length === maxIncidents) throw toTooMany(maxIncidents);
    const { sensor, startedMs, openedMs } = incident;
    spans.push({ sensor, startedMs, endMs, delayMs: openedMs - startedMs });
    newest.push(incident);
    if (newest.length >= 2 * maxPreviewIncidents) newest = toNewest(newest);
  }

  return {
    addChanges(changes) {
      for (const incident of changes) {
        // A rule has one open incident per sensor, and its changes are in order.
        if (incident.clearedMs === null) open.set(incident.sensor, incident);
        else {
          open.delete(incident.sensor);
          close(incident, incident.clearedMs);
        }
      }
    },
    addLabel({ sensor, timestampMs }, isAnomaly) {
      const ofSensor = labels.get(sensor) ?? { normal: [], anomalous: [] };
      labels.set(sensor, ofSensor);
      (isAnomaly ? ofSensor.anomalous : ofSensor.normal).push(timestampMs);
    },
    finish(endMs) {
      // By the arrival of backfilled readings, it may have been seen after the end of the window.
      for (const incident of open.values()) close(incident, Math.max(endMs, incident.lastSeenMs));
      open.clear();
      return {
        newest: toNewest(newest),
        incidents: spans.length,
        sensors: new Set(spans.map(({ sensor }) => sensor)).size,
        medianLengthMs: toMedian(spans.map(({ startedMs, endMs }) => endMs - startedMs)),
        medianDelayMs: toMedian(spans.map(({ delayMs }) => delayMs)),
        feedback: labels.size === 0 ? null : compareWithLabels(spans, labels),
      };
    },
  };
}

function toTooMany(maxIncidents: number): ApiError {
  const message = `the rule raises more than ${maxIncidents} incidents in the window: choose higher levels or a shorter window`;
  return toValidationError([{ path: 'rule.condition', message }]);
}

function toNewest(incidents: readonly EvaluatedIncident[]): EvaluatedIncident[] {
  return incidents
    .toSorted(
      (a, b) => b.openedMs - a.openedMs || a.sensor - b.sensor || (b.openedSeq ?? -1) - (a.openedSeq ?? -1),
    )
    .slice(0, maxPreviewIncidents);
}

function toMedian(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const middle = Math.floor(sorted.length / 2);
  const other = sorted.length % 2 === 1 ? middle : middle - 1;
  return (numberAt(sorted, other) + numberAt(sorted, middle)) / 2;
}

/** Incidents of a sensor do not overlap, so that no label counts twice. */
function compareWithLabels(spans: readonly Span[], labels: ReadonlyMap<number, SensorLabels>) {
  const sorted = new Map(
    [...labels].map(([sensor, { normal, anomalous }]) => [
      sensor,
      { normal: Float64Array.from(normal).sort(), anomalous: Float64Array.from(anomalous).sort() },
    ]),
  );
  const sum = (lengths: readonly { length: number }[]) =>
    lengths.reduce((total, { length }) => total + length, 0);
  const all = [...sorted.values()];
  const allAnomalous = sum(all.map(({ anomalous }) => anomalous));
  let [right, wrong, found] = [0, 0, 0];
  for (const span of spans) {
    const ofSensor = sorted.get(span.sensor);
    if (ofSensor === undefined) continue;
    const anomalous = countWithin(ofSensor.anomalous, span);
    found += anomalous;
    if (anomalous > 0) right += 1;
    else if (countWithin(ofSensor.normal, span) > 0) wrong += 1;
  }
  return {
    labeled: allAnomalous + sum(all.map(({ normal }) => normal)),
    precision: right + wrong === 0 ? null : right / (right + wrong),
    recall: allAnomalous === 0 ? null : found / allAnomalous,
  };
}

function countWithin(sorted: Float64Array, { startedMs, endMs }: Span): number {
  return countBefore(sorted, endMs) - countBefore(sorted, startedMs);
}

/** The number of values below a limit, by bisection. */
function countBefore(sorted: Float64Array, limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numberAt(sorted, middle) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
