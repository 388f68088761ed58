import { modelSchema, modelsSchema, problemSchema } from '@sensor-sentinel/contracts';
import { findFreePort } from '@sensor-sentinel/start/free-port.ts';
import axios from 'axios';
import mysql from 'mysql2/promise';
import { beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../testing/browser.ts';
import { normalValues, postReading } from '../testing/post-reading.ts';
import { waitUntil } from '../testing/wait-until.ts';
import {
  type Compose,
  createCompose,
  findLimits,
  killProcess,
  listContainers,
  waitUntilHealthy,
} from './compose.ts';
import { countReadings, startSending } from './send-readings.ts';

let compose: Compose;

beforeAll(async () => {
  compose = await createCompose();
  await compose.run('up', '--build', '--detach');
  return async () => {
    await compose.run('down', '--volumes', '--remove-orphans');
  };
}, 900_000);

/** The addresses of the API that nginx has connections to, or just had. */
async function listReached(): Promise<Set<string | undefined>> {
  const sockets = await compose.run('exec', '-T', 'dashboard', 'cat', '/proc/net/tcp');
  return new Set([...sockets.matchAll(/ ([0-9A-F]{8}):1388 0[16] /g)].map(([, address]) => address));
}

describe('docker compose up --build', () => {
  test('brings up every service, healthy', async ({ signal }) => {
    await waitUntilHealthy(compose, signal);
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
      const table = page.getByRole('table', { name: 'Readings' });
      await table.getByRole('row', { name: /Explain the reading at .*by-curl/ }).waitFor();
      await page.getByRole('img', { name: /^Temperature over time/ }).waitFor();
      await page.getByRole('region', { name: 'Alert' }).getByText('Normal now').waitFor();
      expect(refused).toEqual([]);
    } finally {
      await browser.close();
    }
  });

  test('fills the first look with the last hour', async ({ signal }) => {
    await waitUntil(async () => (await countReadings(compose.apiUrl, 'replay')) > 1000, signal);
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

  test('limits the memory, the processors and the processes of every container', async () => {
    const containers = await listContainers(compose);
    const services = new Set(containers.map(({ Service }) => Service));
    const all = ['secrets', 'db', 'migrate', 'retention', 'api', 'sender', 'dashboard'];
    expect([...services].toSorted()).toEqual(all.toSorted());
    const limits = await Promise.all(
      containers.map(async ({ ID, Service }) => ({ Service, ...(await findLimits(compose, ID)) })),
    );
    expect(limits.filter(({ Memory, CpuQuota, PidsLimit }) => !Memory || !CpuQuota || !PidsLimit)).toEqual(
      [],
    );
  });

  test.each(['api', 'sender'])('leaves TensorFlow out of the image of %s', async (service) => {
    const packages = (await compose.run('exec', '-T', service, 'ls', 'node_modules')).split('\n');
    expect(packages).toContain('zod');
    expect(packages).not.toContain('@tensorflow');
  });

  test('removes old readings with an account that can do nothing else', async () => {
    const timestamp = new Date(Date.now() - 3 * 86_400_000).toISOString();
    await postReading(compose.apiUrl, { ...normalValues, sensor_id: 'old', timestamp });
    const limit = ['--env', 'RETENTION_RAW=2d'];
    const command = ['node', 'services/api/cli/retain.ts', '--once'];
    const said = await compose.run('run', '--rm', '--no-deps', ...limit, 'retention', ...command);
    expect(said).toContain('removed 1 readings');
    const seen = await compose.run('exec', '-T', 'retention', 'sh', '-c', 'env; ls /secrets/*');
    expect(seen).toContain('RETENTION_DATABASE_URL');
    expect(seen).not.toMatch(/root|ADMIN|admin\/password/);
  });

  test('gives the sender no settings of others, and none that are not set', async () => {
    const variables = await compose.run('exec', '-T', 'sender', 'env');
    const names = variables.match(/^(SENDER|DATABASE|RETENTION|MODEL|MAX|MYSQL)_[A-Z_]+(?==)/gm) ?? [];
    expect(names.toSorted()).toEqual(['SENDER_API_URL', 'SENDER_HEARTBEAT_FILE']);
  });

  test('publishes on 127.0.0.1 only, and only by nginx', async () => {
    const published = (await listContainers(compose)).flatMap(({ Service, Publishers }) =>
      (Publishers ?? [])
        .filter(({ PublishedPort }) => PublishedPort > 0)
        .map(({ URL }) => `${Service} ${URL}`),
    );
    expect(published.toSorted()).toEqual(['dashboard 127.0.0.1', 'dashboard 127.0.0.1']);
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

describe('docker compose up --scale api=3 --scale sender=4', () => {
  test('spreads what four senders send over three replicas', async ({ signal }) => {
    await compose.run('up', '--scale', 'api=3', '--scale', 'sender=4', '--detach');
    await waitUntilHealthy(compose, signal);
    await waitUntil(async () => {
      const log = await compose.run('logs', '--no-color', 'sender');
      return (
        new Set([...log.matchAll(/^(sender-\d) .* [1-9]\d* accepted/gm)].map(([, name]) => name)).size === 4
      );
    }, signal);
    await waitUntil(async () => (await listReached()).size === 3, signal);
  });

  test('serves from every replica, within five seconds, what was activated on one', async ({ signal }) => {
    const { data } = await axios.get<unknown>(`${compose.apiUrl}/models`);
    const { active, models } = modelsSchema.parse(data);
    const other = models.find(({ name, obstacle }) => name !== active && obstacle === undefined)?.name;
    const activate = (name = '') =>
      axios.post(`${compose.apiUrl}/models/${name}/activate`, undefined, { params: { max_changed: 1 } });
    await activate(other);
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(5000)]);
    await waitUntil(async () => {
      const answers = Array.from({ length: 30 }, () => axios.get(`${compose.apiUrl}/model`));
      return (await Promise.all(answers)).every((answer) => modelSchema.parse(answer.data).name === other);
    }, inTime);
    await activate(active ?? undefined);
  });

  test('loses and doubles nothing when a replica is killed, comes back, and is the one that scaling down leaves', async ({
    signal,
  }) => {
    const sending = startSending(compose.apiUrl, 'kill', signal);
    await sending.answered(200);
    const killed = (await listContainers(compose, 'api')).find(({ Name }) => Name.endsWith('-api-1'));
    const killedId = killed?.ID ?? '';
    const findPid = () => compose.docker('inspect', '--format', '{{.State.Pid}}', killedId);
    const killedPid = await findPid();
    await killProcess(compose, killedId);
    await sending.answered(200);
    await waitUntil(async () => (await findPid()) !== killedPid, signal);
    await waitUntilHealthy(compose, signal);
    await compose.run('up', '--scale', 'api=1', '--scale', 'sender=1', '--detach');
    expect((await listContainers(compose, 'api')).map(({ ID }) => ID)).toEqual([killedId]);
    await sending.answered(200);
    await sending.finish();
  });

  test('answers 503 as the API does while no replica is there, and serves as soon as one is', async ({
    signal,
  }) => {
    await compose.run('stop', 'api');
    for (const url of [compose.apiUrl, `${compose.dashboardUrl}/api`]) {
      const options = { validateStatus: () => true };
      const { status, headers, data } = await axios.post<unknown>(`${url}/predict`, normalValues, options);
      expect([status, headers['retry-after']]).toEqual([503, '1']);
      expect(headers['content-type']).toContain('application/problem+json');
      expect(problemSchema.parse(data)).toMatchObject({ status, title: 'API unavailable' });
    }
    await compose.run('start', 'api');
    await waitUntilHealthy(compose, signal);
    await postReading(compose.apiUrl, { ...normalValues, sensor_id: 'after-none' });
  });
});

describe('docker compose, going on', () => {
  test('restart db under load loses no reading that was answered 200', async ({ signal }) => {
    const sending = startSending(compose.apiUrl, 'under-load', signal);
    await sending.answered(200);
    await compose.run('restart', 'db');
    await sending.answered(200);
    await sending.finish();
  });

  test('down and up again keeps the rows', async ({ signal }) => {
    const before = await countReadings(compose.apiUrl, 'under-load');
    expect(before).toBeGreaterThan(400);
    await compose.run('down');
    await compose.run('up', '--detach');
    await waitUntilHealthy(compose, signal);
    expect(await countReadings(compose.apiUrl, 'under-load')).toBe(before);
    await postReading(compose.apiUrl, { ...normalValues, sensor_id: 'after' });
  });

  test('lets readers of the views in, and to nothing else, once the database has a port', async ({
    signal,
  }) => {
    const [port, password] = [await findFreePort(), 'read & query'];
    const settings = { DATABASE_PORT: String(port), READER_DATABASE_PASSWORD: password };
    await compose.withSettings(settings).run('up', '--detach');
    await waitUntilHealthy(compose, signal);
    const account = { host: '127.0.0.1', port, user: 'sentinel_reader', password };
    const reader = await mysql.createConnection({ ...account, database: 'sentinel_views' });
    try {
      const [rows] = await reader.query("SELECT temperature FROM climate WHERE sensor_id = 'after'");
      expect(rows).toEqual([{ temperature: normalValues.temperature }]);
      await expect(reader.query('DELETE FROM climate')).rejects.toMatchObject({ errno: 1142 });
      await expect(reader.query('SELECT 1 FROM sensor_sentinel.readings')).rejects.toMatchObject({
        errno: 1142,
      });
    } finally {
      reader.destroy();
    }
  });
});
