import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createApiClient } from './api-client.ts';
import { parseConfig } from './config.ts';
import { createCounts } from './counts.ts';
import { createFakeClock } from './fake-clock.ts';
import { run } from './run.ts';
import { type Script, startScriptedApi, toPrediction, toStats } from './scripted-api.ts';

const header = 'temperature,humidity,sound_volume\n';
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

type SetUp = { csv: string; args?: string[]; script?: Script };

async function setUp({ csv, args = [], script }: SetUp) {
  const folder = await mkdtemp(join(tmpdir(), 'sender-run-'));
  closers.push(() => rm(folder, { recursive: true }));
  const file = join(folder, 'readings.csv');
  await writeFile(file, csv);
  const api = await startScriptedApi(script);
  const parsed = parseConfig({
    env: {},
    args: ['--file', file, '--api-url', api.url, '--loops', '1', ...args],
  });
  if (parsed.kind !== 'config') throw new Error(JSON.stringify(parsed));
  const { clock, sleep, sleeps } = createFakeClock();
  const client = createApiClient({ ...parsed.config, clock });
  closers.push(client.close, api.close);
  const lines: string[] = [];
  const counts = createCounts();
  const stop = new AbortController();
  let ids = 0;
  const createId = () => {
    ids += 1;
    return `019b76da-a800-7000-8000-${String(ids).padStart(12, '0')}`;
  };
  const progress = {
    log: (line: string) => lines.push(line.replaceAll(file, 'FILE')),
    start: () => undefined,
    update: () => undefined,
    stop: () => undefined,
  };
  const runIt = () =>
    run({
      ...{ config: parsed.config, client, counts, clock, sleep, createId, progress },
      random: () => 0,
      fileBytes: csv.length,
      stop: stop.signal,
      abort: new AbortController().signal,
    });
  return { api, counts, lines, stop, sleeps, run: runIt };
}

const emptyAt = (url: string) => (url === '/stats' ? { status: 200, body: toStats(0) } : undefined);

function temperaturesOf(bodies: readonly unknown[]) {
  return bodies.flat().map((body) => Reflect.get(Object(body), 'temperature'));
}

describe('run', () => {
  test('sends each row of each loop with an id of its own and no timestamp', async () => {
    const { api, counts, ...replaying } = await setUp({
      csv: `${header}24,51,60\n31,51,60\n`,
      args: ['--loops', '3', '--rate', '0', '--concurrency', '1'],
    });
    expect(await replaying.run()).toBe('done');
    expect(temperaturesOf(api.predictions())).toEqual([24, 31, 24, 31, 24, 31]);
    expect(new Set(api.predictions().map((body) => Reflect.get(Object(body), 'id'))).size).toBe(6);
    expect(api.predictions()[0]).toEqual({
      id: '019b76da-a800-7000-8000-000000000001',
      sensor_id: 'replay',
      temperature: 24,
      humidity: 51,
      sound_volume: 60,
    });
    expect(counts).toMatchObject({ rows_read: 6, accepted: 6, anomalies: 3, rejected: 0, pass: 3 });
  });

  test('keeps to the rate', async () => {
    const { sleeps, ...replaying } = await setUp({
      csv: header + '24,51,60\n'.repeat(4),
      args: ['--rate', '4', '--concurrency', '1'],
    });
    await replaying.run();
    expect(sleeps).toEqual([250, 250, 250]);
  });

  test('names and counts what is bad or rejected, each with its line, and goes on', async () => {
    const { counts, lines, ...replaying } = await setUp({
      csv: 'temperature,humidity,sound_volume,target\n24,51,60,0\nhot,51,60,1\n25,51,60,0\n26,51,60,0\n',
      args: ['--rate', '0', '--concurrency', '1'],
      script: ({ body }) => {
        if (Reflect.get(Object(body), 'temperature') !== 25) return undefined;
        const errors = [{ path: 'temperature', message: 'expected another number' }];
        return { status: 400, body: { type: 'a', title: 'b', status: 400, detail: 'Not valid.', errors } };
      },
    });
    await replaying.run();
    expect(counts).toMatchObject({ rows_read: 4, accepted: 2, rejected: 1, bad_rows: 1 });
    expect(lines).toEqual([
      'FILE: ignored columns: target',
      'FILE:3: temperature "hot": expected a number from -273.15 to 1000 °C',
      'FILE:4: rejected: answered 400 Not valid.; temperature: expected another number',
    ]);
  });

  test('names bad rows in the first loop only, and no more than 20', async () => {
    const { counts, lines, ...replaying } = await setUp({
      csv: `${header}${'x,51,60\n'.repeat(30)}24,51,60\n`,
      args: ['--loops', '2', '--rate', '0'],
    });
    await replaying.run();
    expect(counts).toMatchObject({ rows_read: 62, bad_rows: 60, accepted: 2 });
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe('further bad rows are counted, not named');
  });

  test('fills an empty API once with the first rows, and goes on with the row after them', async () => {
    const { api, counts, ...replaying } = await setUp({
      csv: `${header}1,51,60\n2,51,60\n3,51,60\n`,
      args: ['--loops', '2', '--backfill', '2', '--rate', '0', '--concurrency', '1'],
      script: ({ url }) => emptyAt(url),
    });
    await replaying.run();
    const [batch, ...live] = api.predictions();
    expect(batch).toMatchObject([
      { temperature: 1, timestamp: '2026-01-01T11:00:00.000Z' },
      { temperature: 2, timestamp: '2026-01-01T11:30:00.000Z' },
    ]);
    expect(temperaturesOf(live)).toEqual([3, 1, 2, 3]);
    expect(live[0]).not.toHaveProperty('timestamp');
    expect(counts).toMatchObject({ rows_read: 6, accepted: 6, backfilled: 2 });
  });

  test('sends a batch that was refused for now again, with the same ids', async () => {
    let isRefused = false;
    const { api, counts, ...replaying } = await setUp({
      csv: `${header}1,51,60\n2,51,60\n`,
      args: ['--backfill', '2'],
      script: ({ url, body }) => {
        if (!Array.isArray(body) || isRefused) return emptyAt(url);
        isRefused = true;
        return { status: 503, headers: { 'Retry-After': '1' } };
      },
    });
    await replaying.run();
    const [first, second] = api.predictions();
    expect(second).toEqual(first);
    expect(counts).toMatchObject({ accepted: 2, retries: 1, pass: 1 });
  });

  test('names the rows of a batch that were rejected, and counts those that were not answered', async () => {
    const { counts, lines, ...replaying } = await setUp({
      csv: `${header}1,51,60\n2,51,60\n3,51,60\n`,
      script: ({ url, body }) => {
        if (!Array.isArray(body)) return emptyAt(url);
        const errors = [{ path: '[1].temperature', message: 'expected another number' }];
        const results = [{ ...toPrediction(body[0]), index: 0, replayed: true }];
        return { status: 200, body: { accepted: 1, rejected: [{ index: 1, errors }], results } };
      },
    });
    await replaying.run();
    expect(counts).toMatchObject({
      rows_read: 3,
      accepted: 1,
      replayed: 1,
      rejected: 1,
      unreadable_answers: 1,
    });
    expect(lines).toEqual([
      'FILE:3: rejected: [1].temperature: expected another number',
      'FILE: unreadable: answered 200 for 2 of 3 readings',
    ]);
  });

  test.each([
    ['that has readings', toStats(1), []],
    ['that does not say how many', 'many', ['no backfill: GET /stats answered 200 with body: ']],
  ])('fills no API %s', async (_, body, said) => {
    const { api, lines, ...replaying } = await setUp({
      csv: `${header}24,51,60\n`,
      script: ({ url }) => (url === '/stats' ? { status: 200, body } : undefined),
    });
    await replaying.run();
    expect(api.predictions()).toMatchObject([{ temperature: 24 }]);
    expect(lines).toEqual(said.map((start) => expect.stringContaining(start)));
  });

  test('asks nothing about readings where there is to be no backfill', async () => {
    const { api, ...replaying } = await setUp({ csv: `${header}24,51,60\n`, args: ['--backfill', '0'] });
    await replaying.run();
    expect(api.requests.map(({ url }) => url)).toEqual(['/readyz', '/predict']);
  });

  test('sends the timestamps of the file when told to, in the backfill too', async () => {
    const { api, ...replaying } = await setUp({
      csv: 'timestamp,temperature,humidity,sound_volume\n2020-01-01T00:00:00Z,1,2,3\n2020-01-02T00:00:00Z,1,2,3\n',
      args: ['--timestamps', 'file', '--backfill', '1'],
      script: ({ url }) => emptyAt(url),
    });
    await replaying.run();
    expect(api.predictions()).toMatchObject([
      [{ timestamp: '2020-01-01T00:00:00.000Z' }],
      { timestamp: '2020-01-02T00:00:00.000Z' },
    ]);
  });

  test('waits until the API is ready, and says so every 10 s', async () => {
    let asked = 0;
    const { counts, lines, ...replaying } = await setUp({
      csv: `${header}24,51,60\n`,
      script: ({ url }) => {
        if (url !== '/readyz') return undefined;
        asked += 1;
        return asked < 42 ? { status: 503 } : undefined;
      },
    });
    await replaying.run();
    expect(lines).toEqual([
      ...Array(3).fill('waiting for the API: GET /readyz answered 503'),
      'the API is ready',
    ]);
    expect(counts.accepted).toBe(1);
  });

  test('gives up waiting after the time it was given', async () => {
    const { api, lines, ...replaying } = await setUp({
      csv: `${header}24,51,60\n`,
      args: ['--ready-timeout', '2s'],
      script: () => ({ status: 200, body: 'another service' }),
    });
    expect(await replaying.run()).toBe('late');
    expect(api.requests).toHaveLength(5);
    expect(lines.at(-1)).toBe(
      'gave up waiting for the API after 2000 ms: GET /readyz answered 200, but not as the API does',
    );
  });

  test('refuses a file of which no row is valid, rather than to read it for ever', async () => {
    const { counts, ...replaying } = await setUp({ csv: `${header}x,51,60\n`, args: ['--loops', '0'] });
    await expect(replaying.run()).rejects.toThrow('has no valid row');
    expect(counts).toMatchObject({ rows_read: 1, bad_rows: 1 });
  });

  test('looks at the file before it waits for the API', async () => {
    const { api, ...replaying } = await setUp({ csv: 'a,b\n' });
    await expect(replaying.run()).rejects.toThrow('no column temperature');
    expect(api.requests).toEqual([]);
  });
});
