import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { climateType, defaultRule, ruleSchema } from '@sensor-sentinel/contracts';
import { loadArtifact } from '@sensor-sentinel/model';
import { expect, test } from 'vitest';
import { createAlertMemory, remember } from '../sensors/alert-memory.ts';
import { createEvaluator, type EvaluatedIncident } from './evaluator.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const intervalMs = 500;
const startMs = Date.parse('2026-03-01T00:00:00Z');

/** The numbers of a CSV file without its header. */
function readNumbers(path: string): number[][] {
  const lines = readFileSync(`${root}${path}`, 'utf8').trim().split('\n');
  return lines.slice(1).map((line) => line.split(',').map(Number));
}

/** The readings of the demo, two per second, as the default model scores them. */
async function scoreDemo() {
  const { pipeline } = await loadArtifact(`${root}model/artifacts/neural-network.json`);
  return readNumbers('services/sender/data/readings.csv').map((values, seq) => {
    const timestampMs = startMs + seq * intervalMs;
    const score = pipeline.score(values);
    const prediction = score > 0.5 ? (1 as const) : (0 as const);
    const arrival = { timestampMs, receivedMs: timestampMs };
    return { seq, id: String(seq), sensor: 1, ...arrival, values, prediction, score };
  });
}

async function findIncidents(): Promise<EvaluatedIncident[]> {
  const evaluator = createEvaluator({
    features: climateType.features,
    rules: [ruleSchema.parse(defaultRule)],
    matches: () => true,
    maxClockSkewMs: 300_000,
  });
  for (const reading of await scoreDemo()) evaluator.add(reading);
  return evaluator.takeChanges();
}

test('the default rule finds the anomalous stretches of the demo, and raises few incidents besides', async () => {
  const stretches = readNumbers('services/sender/data/readings-anomalies.csv');
  const incidents = await findIncidents();
  const isIn = ([first = 0, last = 0]: number[], { startedMs, clearedMs }: EvaluatedIncident) =>
    startedMs <= startMs + last * intervalMs && (clearedMs ?? Infinity) >= startMs + first * intervalMs;
  const long = stretches.filter(([first = 0, last = 0]) => last - first + 1 >= 5);
  const found = long.filter((stretch) => incidents.some((incident) => isIn(stretch, incident)));
  const alone = incidents.filter((incident) => !stretches.some((stretch) => isIn(stretch, incident)));
  expect(long.length).toBeGreaterThan(10);
  expect(found.length / long.length).toBeGreaterThanOrEqual(0.9);
  expect(alone.length / incidents.length).toBeLessThanOrEqual(0.1);
});

test('the alert box changes at most 12 times in the first two minutes of the demo', async () => {
  const changes: number[] = [];
  let memory = createAlertMemory();
  for (const { seq, receivedMs, prediction } of await scoreDemo()) {
    const before = memory.anomalyMs !== null;
    memory = remember(memory, [receivedMs, prediction]);
    if ((memory.anomalyMs !== null) !== before) changes.push(seq);
  }
  const first = changes.filter((seq) => seq * intervalMs < 120_000);
  expect(first.length).toBeGreaterThan(2);
  expect(first.length).toBeLessThanOrEqual(12);
});
