import {
  createEvaluator,
  type Evaluator,
  type RuleReading,
} from '@sensor-sentinel/api/features/rules/evaluator.ts';
import { type RuleInput, ruleSchema } from '@sensor-sentinel/contracts';
import { drawLabeledReadings } from '@sensor-sentinel/model/training';
import type { Bench, Figures, Flags } from './bench.ts';
import { printGoals, printMedians, runRounds, toMedians } from './rounds.ts';

const names = ['temperature', 'humidity', 'sound_volume'];
const liveRate = 2000;
const liveSensors = 10_000;
const liveReadings = 400_000;
const previewSensors = 20;
const previewReadings = 1_000_000;
const startMs = Date.parse('2026-03-01T00:00:00.000Z');

const conditions: RuleInput['condition'][] = [
  { kind: 'anomaly_share', window: 10, raise: 0.3, clear: 0.1 },
  { kind: 'anomaly_share', window: '5m', raise: 0.5 },
  { kind: 'anomalies_in_a_row', count: 5 },
  { kind: 'score_above', above: 0.9, clear: 0.5 },
  { kind: 'feature', feature: 'temperature', above: 27, below: 20, hysteresis: 0.5 },
  { kind: 'rate_of_change', feature: 'humidity', above: 100, per: '1m' },
  { kind: 'stuck', feature: 'sound_volume', duration: '1m' },
  { kind: 'silent', intervals: 10 },
  { kind: 'late', window: '5m', raise: 0.5 },
  { kind: 'clock_skew', above: '1m' },
];

/** Readings of sensors in turn, at `rate` per second; 40 % are anomalies. */
function createReadings(count: number, { sensors, rate }: { sensors: number; rate: number }): RuleReading[] {
  const { features, labels } = drawLabeledReadings({ rows: 10_000, seed: 2026 });
  return Array.from({ length: count }, (_, seq) => {
    const row = seq % labels.length;
    const receivedMs = startMs + Math.floor((seq * 1000) / rate);
    return {
      seq,
      id: `reading ${seq}`,
      // Not in step with the rows, which would give each sensor the same row again and again.
      sensor: (seq + Math.floor(seq / labels.length)) % sensors,
      timestampMs: receivedMs - 20,
      receivedMs,
      values: [...features.values.subarray(row * names.length, (row + 1) * names.length)],
      prediction: labels[row] === 1 ? 1 : 0,
      score: labels[row] === 1 ? 0.95 : 0.05,
    };
  });
}

function createBenchEvaluator(used: readonly RuleInput['condition'][]): Evaluator {
  return createEvaluator({
    features: names.map((name) => ({ name, min: null, max: null })),
    rules: used.map((condition, place) => ruleSchema.parse({ name: `rule ${place}`, condition })),
    matches: () => true,
    maxClockSkewMs: 300_000,
  });
}

/** Adds the readings in batches of one second, each followed by a tick. */
function measureEvaluator(
  readings: readonly RuleReading[],
  used: readonly RuleInput['condition'][],
): Figures {
  const evaluator = createBenchEvaluator(used);
  let changes = 0;
  const before = process.cpuUsage();
  for (let first = 0; first < readings.length; first += liveRate) {
    const batch = readings.slice(first, first + liveRate);
    for (const reading of batch) evaluator.add(reading);
    evaluator.advance(batch.at(-1)?.receivedMs ?? startMs);
    changes += evaluator.takeChanges().length;
  }
  const { user, system } = process.cpuUsage(before);
  const us = (user + system) / readings.length;
  return {
    'readings/s': 1e6 / us,
    'us/reading': us,
    'us/reading/rule': us / used.length,
    'changes/reading': changes / readings.length,
  };
}

/** CPU time of the evaluation of rules: live, and in the preview of one rule. */
export async function benchRules(_: Bench, { rounds: count = 3 }: Flags) {
  const live = createReadings(liveReadings, { sensors: liveSensors, rate: liveRate });
  const preview = createReadings(previewReadings, { sensors: previewSensors, rate: previewSensors });
  const oneRule = conditions.slice(0, 1);
  const rounds = await runRounds(
    count,
    {
      live: async () => measureEvaluator(live, conditions),
      preview: async () => measureEvaluator(preview, oneRule),
    },
    true,
  );
  const title = `${liveSensors} sensors × ${conditions.length} rules, and ${previewSensors} sensors × 1 rule: medians of ${count} rounds`;
  printMedians(title, rounds);
  const liveSeconds = ((toMedians(rounds, 'live')['us/reading'] ?? Number.NaN) * liveRate) / 1e6;
  const previewSeconds = ((toMedians(rounds, 'preview')['us/reading'] ?? Number.NaN) * previewReadings) / 1e6;
  printGoals('CPU seconds', [
    {
      what: `live: per second of ${liveRate} readings × ${conditions.length} rules`,
      measured: liveSeconds,
      atMost: 0.5,
    },
    { what: `preview: ${previewReadings} readings × 1 rule`, measured: previewSeconds, atMost: 1 },
  ]);
  return { rounds };
}
