import { type RuleInput, rulePreviewSchema } from '@sensor-sentinel/contracts';
import { Client } from 'undici';
import type { Bench, Figures, Flags } from './bench.ts';
import { fill } from './load/fill.ts';
import { drawReadings } from './load/readings.ts';
import { percentile, printGoals, toRounded } from './rounds.ts';
import { provideServer, startApi } from './servers.ts';

const sensors = 20;

/** Each is asked twice: the second one, with another level, as by a slider that was moved. */
const rules: Readonly<Record<string, readonly [RuleInput['condition'], RuleInput['condition']]>> = {
  'share of anomalies': [
    { kind: 'anomaly_share', window: 10, raise: 0.5 },
    { kind: 'anomaly_share', window: 10, raise: 0.8 },
  ],
  'one feature': [
    { kind: 'feature', feature: 'temperature', above: 27 },
    { kind: 'feature', feature: 'temperature', above: 27.5 },
  ],
};

interface Window {
  from: string;
  to: string;
}

async function measurePreview(port: number, window: Window, condition: RuleInput['condition']) {
  const begin = performance.now();
  const answer = await fetch(`http://127.0.0.1:${port}/rules/preview`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...window, rule: { name: 'bench', condition } }),
  });
  const { readings, counts } = rulePreviewSchema.parse(await answer.json());
  return { ms: performance.now() - begin, readings, incidents: counts.incidents };
}

/** Sends a reading after the other until the work is done; returns the times until their answers. */
async function measurePredict<T>(port: number, work: Promise<T>): Promise<{ result: T; times: number[] }> {
  const client = new Client(`http://127.0.0.1:${port}`);
  const body = JSON.stringify({ ...drawReadings(1)[0], sensor_id: 'beside' });
  const headers = { 'content-type': 'application/json' };
  const times: number[] = [];
  let isDone = false;
  const end = () => {
    isDone = true;
  };
  work.then(end, end);
  while (!isDone) {
    const begin = performance.now();
    const answer = await client.request({ method: 'POST', path: '/predict', headers, body });
    await answer.body.dump();
    times.push(performance.now() - begin);
  }
  await client.close();
  return { result: await work, times };
}

/** The preview of a rule over many readings: first, and again with another level while the readings are in memory. */
export async function benchPreview(bench: Bench, { rows, databaseUrl }: Flags) {
  const server = await provideServer(bench, databaseUrl);
  const { port } = await startApi(bench, server, { name: 'preview' });
  const count = Math.max(...rows);
  await fill(port, { rows: count, sensors });
  const window = { from: '2000-01-01T00:00:00Z', to: new Date().toISOString() };
  const figures: Record<string, Figures> = {};
  for (const [name, conditions] of Object.entries(rules)) {
    for (const [place, condition] of conditions.entries()) {
      const { result, times } = await measurePredict(port, measurePreview(port, window, condition));
      const predict = { 'predict p50 ms': percentile(times, 50), 'predict max ms': percentile(times, 100) };
      figures[`${name}, ${place === 0 ? 'first' : 'again'}`] = { ...result, ...predict };
    }
  }
  console.log(`\n${count} readings of ${sensors} sensors, while a client sends readings one by one`);
  const rounded = Object.entries(figures).map(([name, row]) => [
    name,
    Object.fromEntries(Object.entries(row).map(([key, value]) => [key, toRounded(value)])),
  ]);
  console.table(Object.fromEntries(rounded));
  printGoals(
    'Answers in ms',
    Object.keys(rules).map((name) => ({
      what: `${name}, again`,
      measured: figures[`${name}, again`]?.ms ?? Number.NaN,
      atMost: 1000,
    })),
  );
  return { server: server.settings, rows: count, figures };
}
