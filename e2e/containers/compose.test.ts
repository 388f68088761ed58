import { randomUUID } from 'node:crypto';
import {
  type Prediction,
  predictionSchema,
  readingsPageSchema,
  type StoredReading,
  statsSchema,
} from '@sensor-sentinel/contracts';
import axios from 'axios';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { launchBrowser } from '../testing/browser.ts';
import { normalValues, postReading } from '../testing/post-reading.ts';
import { waitUntil } from '../testing/wait-until.ts';
import { type Compose, createCompose } from './compose.ts';

const containerSchema = z.object({
  Service: z.string(),
  State: z.string(),
  Health: z.string(),
  Publishers: z.array(z.object({ URL: z.string(), PublishedPort: z.int() })).nullable(),
});

let compose: Compose;

beforeAll(async () => {
  compose = await createCompose();
  await compose.run('up', '--build', '--detach');
  return async () => {
    await compose.run('down', '--volumes', '--remove-orphans');
  };
}, 900_000);

async function listContainers() {
  const lines = (await compose.run('ps', '--all', '--format', 'json')).trim().split('\n');
  return lines.map((line) => containerSchema.parse(JSON.parse(line)));
}

async function waitUntilHealthy(signal: AbortSignal): Promise<void> {
  const services = new Set(['db', 'api', 'sender', 'dashboard']);
  await waitUntil(async () => {
    const containers = (await listContainers()).filter(({ Service }) => services.has(Service));
    const healthy = containers.filter(({ Health }) => Health === 'healthy');
    return healthy.length === containers.length && new Set(healthy.map(({ Service }) => Service)).size === 4;
  }, signal);
}

async function countReadings(sensorId: string): Promise<number> {
  const { data } = await axios.get<unknown>(`${compose.apiUrl}/stats`, { params: { sensor_id: sensorId } });
  return statsSchema.parse(data).count;
}

async function listReadings(sensorId: string): Promise<StoredReading[]> {
  const readings: StoredReading[] = [];
  let cursor: string | undefined;
  do {
    const params = { sensor_id: sensorId, limit: 500, cursor };
    const page = readingsPageSchema.parse((await axios.get(`${compose.apiUrl}/readings`, { params })).data);
    readings.push(...page.readings);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return readings;
}

/** Sends readings one after the other until told to stop, whatever is answered; returns what was answered 200. */
async function sendUntil(isOver: () => boolean, onAnswer: (status: number) => void): Promise<Prediction[]> {
  const answered: Prediction[] = [];
  while (!isOver()) {
    const reading = { ...normalValues, id: randomUUID(), sensor_id: 'under-load' };
    const options = { validateStatus: () => true, timeout: 15_000 };
    const answer = await axios
      .post<unknown>(`${compose.apiUrl}/predict`, reading, options)
      .catch(() => undefined);
    if (answer?.status === 200) answered.push(predictionSchema.parse(answer.data));
    onAnswer(answer?.status ?? 0);
  }
  return answered;
}

describe('docker compose up --build', () => {
  test('brings up every service, healthy', async ({ signal }) => {
    await waitUntilHealthy(signal);
  });

  test('answers the curl of the README and shows that reading in a browser', async () => {
    const prediction = await postReading(compose.apiUrl, { ...normalValues, sensor_id: 'by-curl' });
    expect(prediction.prediction).toBe(0);
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(60_000);
      const refused: string[] = [];
      page.on('console', (message) => message.type() === 'error' && refused.push(message.text()));
      await page.goto(`${compose.dashboardUrl}/?sensor=by-curl`);
      await page.getByRole('table', { name: 'Readings' }).getByRole('row', { name: 'by-curl' }).waitFor();
      await page.getByRole('img', { name: /^Temperature over time/ }).waitFor();
      await page.getByRole('region', { name: 'Alert' }).getByText('No anomaly detected').waitFor();
      expect(refused).toEqual([]);
    } finally {
      await browser.close();
    }
  });

  test('fills the first look with the last hour', async ({ signal }) => {
    await waitUntil(async () => (await countReadings('replay')) > 1000, signal);
  });

  test.each(['db', 'api', 'sender', 'dashboard'])(
    'runs %s without root, on a file system it cannot write',
    async (service) => {
      expect((await compose.run('exec', '-T', service, 'id', '-u')).trim()).not.toBe('0');
      await expect(compose.run('exec', '-T', service, 'touch', '/usr/local/mark')).rejects.toThrow(
        /Read-only|read-only/,
      );
    },
  );

  test('publishes on 127.0.0.1 only, and only API and dashboard', async () => {
    const published = (await listContainers()).flatMap(({ Service, Publishers }) =>
      (Publishers ?? [])
        .filter(({ PublishedPort }) => PublishedPort > 0)
        .map(({ URL }) => `${Service} ${URL}`),
    );
    expect(published.toSorted()).toEqual(['api 127.0.0.1', 'dashboard 127.0.0.1']);
  });

  test('lets only the API reach the database', async () => {
    const reach =
      "require('net').connect(3306, 'db').on('connect', () => process.exit(0)).on('error', () => process.exit(7))";
    await compose.run('exec', '-T', 'api', 'node', '-e', reach);
    await expect(compose.run('exec', '-T', 'sender', 'node', '-e', reach)).rejects.toMatchObject({ code: 7 });
  });

  test('passes problems of the API on through the dashboard', async () => {
    const answer = await axios.get<unknown>(`${compose.dashboardUrl}/api/readings?limit=x`, {
      validateStatus: () => true,
    });
    expect(answer.status).toBe(400);
    expect(String(answer.headers['content-type'])).toContain('application/problem+json');
  });
});

describe('docker compose, going on', () => {
  test('--scale sender=3 runs three senders that are all accepted', async ({ signal }) => {
    await compose.run('up', '--scale', 'sender=3', '--detach');
    await waitUntilHealthy(signal);
    const senders = (await listContainers()).filter(({ Service }) => Service === 'sender');
    expect(senders.map(({ State }) => State)).toEqual(['running', 'running', 'running']);
    await waitUntil(async () => {
      const log = await compose.run('logs', '--no-color', 'sender');
      return (
        new Set([...log.matchAll(/^(sender-\d) .* [1-9]\d* accepted/gm)].map(([, name]) => name)).size === 3
      );
    }, signal);
  });

  test('restart db under load loses no reading that was answered 200', async ({ signal }) => {
    let isOver = false;
    let isRestarted = false;
    let afterRestart = 0;
    const onAnswer = (status: number) => {
      if (isRestarted && status === 200) afterRestart += 1;
    };
    const clients = Array.from({ length: 8 }, () => sendUntil(() => isOver, onAnswer));
    await waitUntil(async () => (await countReadings('under-load')) > 200, signal);
    await compose.run('restart', 'db');
    isRestarted = true;
    await waitUntil(async () => afterRestart > 200, signal);
    isOver = true;
    const answered = (await Promise.all(clients)).flat();

    const stored = new Map((await listReadings('under-load')).map((reading) => [reading.id, reading]));
    expect(answered.filter(({ id }) => !stored.has(id))).toEqual([]);
    for (const prediction of answered) expect(stored.get(prediction.id)).toMatchObject(prediction);
  });

  test('down and up again keeps the rows', async ({ signal }) => {
    const before = await countReadings('under-load');
    expect(before).toBeGreaterThan(400);
    await compose.run('down');
    await compose.run('up', '--detach');
    await waitUntilHealthy(signal);
    expect(await countReadings('under-load')).toBe(before);
    await postReading(compose.apiUrl, { ...normalValues, sensor_id: 'after' });
  });
});
