import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { Evaluator, RuleReading } from '../evaluator.ts';
import type { IncidentTally } from './incident-tally.ts';
import { numberAt, type ReadingColumns } from './reading-columns.ts';

/** How long other requests wait. */
const sliceMs = 5;
/** Reading the clock for each reading would take as long as evaluating it. */
const readingsPerLook = 256;

/** How stored readings are evaluated. */
export interface PreviewEvaluation {
  evaluator: Evaluator;
  tally: IncidentTally;
  /** Whether the rule applies to a sensor. */
  isSelected: (sensor: number) => boolean;
  /** The place of the feature in the type, if the rule is about one. */
  place: number | null;
  /** Readings that are older than this at their arrival are evaluated as if they had arrived at their timestamp. */
  maxAgeMs: number;
  signal: AbortSignal;
}

/**
 * Evaluates readings in their order, in slices between which other requests are answered. Resolves with the number of readings of
 * selected sensors. @throws the reason of the signal
 */
export async function evaluateColumns(
  columns: ReadingColumns,
  evaluation: PreviewEvaluation,
  onSlice: (readings: number) => void = () => undefined,
): Promise<number> {
  const { tally, evaluator, isSelected, signal } = evaluation;
  const { length } = columns.seq;
  const setReading = createReading(columns, evaluation);
  let readings = 0;
  let sliceStartMs = performance.now();
  for (let at = 0; at < length; at++) {
    if (isSelected(numberAt(columns.sensor, at))) {
      const reading = setReading(at);
      evaluator.add(reading);
      const label = columns.label[at];
      if (label === 0 || label === 1) tally.addLabel(reading, label === 1);
      readings += 1;
    }
    if (at % readingsPerLook > 0 || performance.now() - sliceStartMs < sliceMs) continue;
    tally.addChanges(evaluator.takeChanges());
    onSlice(at);
    await yieldToEventLoop();
    signal.throwIfAborted();
    sliceStartMs = performance.now();
  }
  tally.addChanges(evaluator.takeChanges());
  return readings;
}

/** Sets the same reading again and again: the evaluator keeps none, and a million objects would take longer. */
function createReading(columns: ReadingColumns, { place, maxAgeMs }: PreviewEvaluation) {
  const values: (number | null)[] = Array.from({ length: (place ?? -1) + 1 }, () => null);
  const reading: RuleReading = {
    seq: 0,
    id: '',
    sensor: 0,
    timestampMs: 0,
    receivedMs: 0,
    values,
    prediction: null,
    score: null,
  };
  return (at: number): RuleReading => {
    const timestampMs = numberAt(columns.timestampMs, at);
    const receivedMs = numberAt(columns.receivedMs, at);
    const prediction = columns.prediction[at];
    reading.seq = numberAt(columns.seq, at);
    reading.sensor = numberAt(columns.sensor, at);
    reading.timestampMs = timestampMs;
    reading.receivedMs = receivedMs - timestampMs > maxAgeMs ? timestampMs : receivedMs;
    reading.prediction = prediction === 0 || prediction === 1 ? prediction : null;
    reading.score = toNullable(numberAt(columns.score, at));
    if (place !== null) values[place] = toNullable(numberAt(columns.value, at));
    return reading;
  };
}

function toNullable(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
