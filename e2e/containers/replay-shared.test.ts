import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replaysSchema } from '@sensor-sentinel/contracts';
import axios from 'axios';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeReadings } from '../sender/write-readings.ts';
import { waitUntil } from '../testing/wait-until.ts';
import { type Compose, createCompose, listContainers } from './compose.ts';

const rows = 20_000;
const replay = 'shared';

let compose: Compose;
let directory = '';

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'sentinel-shared-'));
  const file = join(directory, 'readings.csv');
  writeReadings(file, rows);
  const environment = {
    ...{ SENDER_FILE: '/readings.csv', SENDER_REPLAY: replay, SENDER_NAME: '', SENDER_LOOP: '1' },
    ...{ SENDER_RATE: '0', SENDER_CONCURRENCY: '4', SENDER_CHUNK: '250', SENDER_BATCH: '10' },
  };
  const sender = { volumes: [`${file}:/readings.csv:ro`], environment };
  const override = join(directory, 'override.yml');
  writeFileSync(override, JSON.stringify({ services: { sender } }));
  compose = await createCompose({ override });
  return async () => {
    await compose.run('down', '--volumes', '--remove-orphans');
    rmSync(directory, { recursive: true });
  };
}, 120_000);

async function findReplay() {
  const { data } = await axios.get<unknown>(`${compose.apiUrl}/replays`);
  return replaysSchema.parse(data).replays.find(({ name }) => name === replay);
}

async function countStored(): Promise<string> {
  const sql = 'SELECT COUNT(*), COUNT(DISTINCT id) FROM sensor_sentinel.readings';
  const client = `MYSQL_PWD="$(cat /run/root-secret/password)" mysql --user=root --skip-column-names --execute "${sql}"`;
  return (await compose.run('exec', '-T', 'db', 'sh', '-c', client)).trim();
}

describe('docker compose up --scale sender=4', () => {
  test('stores every row of one file once, though two senders are killed on the way and one is restarted', async ({
    signal,
  }) => {
    const hasDone = (part: number) => async () => ((await findReplay())?.done_rows ?? 0) >= part * rows;
    await compose.run('up', '--build', '--detach', '--scale', 'sender=4');
    const senders = (await listContainers(compose, 'sender')).map(({ ID }) => ID);
    expect(senders).toHaveLength(4);
    const [one = '', two = ''] = senders;
    await waitUntil(hasDone(0.2), signal);
    await compose.docker('kill', '--signal', 'KILL', one);
    await waitUntil(hasDone(0.3), signal);
    await compose.docker('kill', '--signal', 'KILL', two);
    await compose.docker('start', one);

    await waitUntil(async () => (await findReplay())?.state === 'finished', signal);
    expect(await countStored()).toBe(`${rows}\t${rows}`);
    const found = await findReplay();
    const outcomes = { stored: rows, rejected: 0, bad: 0, dropped: 0 };
    expect(found).toMatchObject({ total_rows: rows, done_rows: rows, loop: 0, ...outcomes });
    expect(found?.senders).toHaveLength(4);
    expect(found?.senders.reduce((sum, { rows: own }) => sum + own, 0)).toBe(rows);
    expect(found?.taken_over).toBeGreaterThan(0);
  }, 600_000);
});
