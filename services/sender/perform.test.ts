import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { v5 } from 'uuid';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock, systemSleep } from './clock.ts';
import { parseConfig } from './config/parse-config.ts';
import { perform } from './perform.ts';
import { type Script, startScriptedApi, toStats } from './scripted-api.ts';

const header = 'temperature,humidity,sound_volume\n';
const replayId = '019b76da-a800-7000-8000-000000000001';
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

type SetUp = { csv?: string; args?: string[]; script?: Script; standardInput?: string[] };

async function setUp({ csv, args = [], script, standardInput = [] }: SetUp) {
  const folder = await mkdtemp(join(tmpdir(), 'sender-perform-'));
  closers.push(() => rm(folder, { recursive: true }));
  const file = csv === undefined ? '-' : join(folder, 'readings.csv');
  if (csv !== undefined) await writeFile(file, csv);
  const api = await startScriptedApi(script);
  closers.push(api.close);
  const preset = ['--replay', 'night', '--name', 'one', '--rate', '0', '--loop', '1', '--concurrency', '1'];
  const given = { env: {}, args: ['--file', file, '--api-url', api.url, ...preset, '--json', ...args] };
  const parsed = parseConfig(given);
  if (parsed.kind !== 'config') throw new Error(JSON.stringify(parsed));
  const stop = new AbortController();
  const written: string[] = [];
  const said = new PassThrough();
  async function* input() {
    for (const text of standardInput) yield Buffer.from(text);
  }
  const go = async () => {
    const code = await perform({
      ...{ config: parsed.config, options: parsed.options, clock: systemClock, sleep: systemSleep },
      ...{ every: () => () => undefined, random: () => 0, standardInput: input() },
      host: { hostname: 'box', isContainer: false, unique: 'abc' },
      output: { write: (text) => written.push(text) },
      ...{ progressOutput: said, isTerminal: false },
      ...{ stop: stop.signal, abort: new AbortController().signal },
      stoppedBy: () => (stop.signal.aborted ? 'SIGTERM' : null),
    });
    const text = String(said.read() ?? '').replaceAll(file, 'FILE');
    const summary: unknown = written.length > 0 ? JSON.parse(written.join('')) : undefined;
    return { code, summary, lines: text.split('\n').filter(Boolean) };
  };
  return { api, stop, go };
}

type Api = Awaited<ReturnType<typeof startScriptedApi>>;

function valuesOf(bodies: readonly unknown[], name = 'temperature') {
  return bodies.flat().map((body) => Reflect.get(Object(body), name));
}

function sumOfAcks(api: Api, name = 'night') {
  const sums = { done_rows: 0, stored: 0, rejected: 0, bad: 0, dropped: 0, replayed: 0 };
  for (const { done_rows, outcomes } of api.replays.acks(name)) {
    sums.done_rows += done_rows;
    for (const key of ['stored', 'rejected', 'bad', 'dropped', 'replayed'] as const)
      sums[key] += outcomes[key];
  }
  return sums;
}

const problem = (status: number, detail: string, errors: { path: string; message: string }[] = []) => ({
  status,
  body: { type: 'a', title: 'b', status, detail, errors },
});

describe('a replay', () => {
  test('sends each row of each loop once, under an id of its own, without a timestamp, and says what is done', async () => {
    const { api, go } = await setUp({ csv: `${header}24,51,60\n31,51,60\n`, args: ['--loop', '3'] });
    const { code, summary, lines } = await go();
    expect([code, lines]).toEqual([0, []]);
    expect(valuesOf(api.predictions())).toEqual([24, 31, 24, 31, 24, 31]);
    expect(valuesOf(api.predictions(), 'id')).toEqual(
      ['0/0', '0/1', '1/0', '1/1', '2/0', '2/1'].map((name) => v5(name, replayId)),
    );
    expect(api.predictions()[0]).not.toHaveProperty('timestamp');
    expect(api.predictions()[0]).toHaveProperty('sensor_id', 'replay');
    expect(summary).toMatchObject({
      replay: 'night',
      sender: 'one',
      rows: 6,
      accepted: 6,
      anomalies: 3,
      loop: 3,
      lost: 0,
    });
    expect(sumOfAcks(api)).toMatchObject({ done_rows: 6, stored: 6 });
    expect(api.bodiesAt('/replays/night/lease')[0]).toMatchObject({ sender: 'one', loops: 3 });
  });

  test('leases chunk after chunk, and is done where the file ends', async () => {
    const csv = header + '24,51,60\n'.repeat(25);
    const { api, go } = await setUp({ csv, args: ['--chunk', '10', '--concurrency', '4'] });
    expect((await go()).code).toBe(0);
    expect(api.predictions()).toHaveLength(25);
    expect(sumOfAcks(api)).toMatchObject({ done_rows: 25, stored: 25 });
    expect(valuesOf(api.bodiesAt('/replays/night/ack'), 'total_rows')).toContain(25);
  });

  test('names and counts what is bad, rejected or in conflict, each with its line, and goes on', async () => {
    const { api, go } = await setUp({
      csv: 'temperature,humidity,sound_volume,site\n24,51,60,a\nhot,51,60,b\n25,51,60,c\n26,51,60,d\n27,51,60,e\n',
      script: ({ body }) => {
        const temperature = Reflect.get(Object(body), 'temperature');
        if (temperature === 26) return problem(409, 'The id is taken.');
        if (temperature !== 25) return undefined;
        return problem(400, 'Not valid.', [{ path: 'temperature', message: 'expected another number' }]);
      },
    });
    const { code, summary, lines } = await go();
    expect(code).toBe(1);
    expect(summary).toMatchObject({ rows: 5, accepted: 2, rejected: 1, conflicts: 1, bad_rows: 1, lost: 2 });
    expect(sumOfAcks(api)).toEqual({ done_rows: 5, stored: 2, rejected: 2, bad: 1, dropped: 0, replayed: 0 });
    expect(lines).toEqual([
      'FILE: ignored columns: site',
      'FILE:3: temperature "hot": expected a number from -273.15 to 1000 °C',
      'FILE:4: rejected: answered 400 Not valid.; temperature: expected another number',
      'FILE:5: conflict: answered 409 The id is taken.',
    ]);
  });

  test('names bad rows in the first loop only, and no more than 20', async () => {
    const csv = `${header}24,51,60\n${'x,51,60\n'.repeat(30)}`;
    const { lines, summary } = await (await setUp({ csv, args: ['--loop', '2'] })).go();
    expect(summary).toMatchObject({ rows: 62, bad_rows: 60, accepted: 2 });
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe('further bad rows are counted, not named');
  });

  test('says once that the API is away, and once that it is back', async () => {
    let asked = 0;
    const { go } = await setUp({
      csv: `${header}24,51,60\n25,51,60\n`,
      script: ({ url }) => {
        if (url === '/replays/night/lease') asked += 1;
        return asked > 0 && asked < 6 && url !== '/readyz' ? { status: 503 } : undefined;
      },
    });
    const { code, lines } = await go();
    expect(code).toBe(0);
    expect(lines).toEqual(['trying again until it is answered: answered 503', 'the API answers again']);
  });

  test('drops the rest of a chunk that is no longer its own, and says so once', async () => {
    let lose: (leaseId: string) => unknown = () => undefined;
    const { api, go } = await setUp({
      csv: header + '24,51,60\n'.repeat(40),
      args: ['--chunk', '20'],
      script: ({ url, body }) => {
        const leaseId = String(Reflect.get(Object(body), 'lease_id'));
        if (!url.endsWith('/ack') || !leaseId.endsWith('0001')) return undefined;
        lose(leaseId);
        return problem(409, 'It was silent for too long.');
      },
    });
    lose = (leaseId) => api.replays.lose('night', leaseId);
    const { lines } = await go();
    expect(lines).toEqual([
      "rows 0–19 are no longer this sender's: answered 409 It was silent for too long.",
    ]);
    expect(sumOfAcks(api)).toMatchObject({ done_rows: 20 });
  });

  test('says what is done and gives back the rest when it is stopped', async () => {
    let stopAfter: AbortController | undefined;
    let arrived = 0;
    const { api, stop, go } = await setUp({
      csv: header + '24,51,60\n'.repeat(50),
      script: ({ url }) => {
        if (url === '/predict') arrived += 1;
        if (arrived === 7) stopAfter?.abort();
        return undefined;
      },
    });
    stopAfter = stop;
    const { code, summary } = await go();
    expect([code, arrived]).toEqual([0, 7]);
    expect(summary).toMatchObject({ accepted: 7, unfinished: 0, stopped_by: 'SIGTERM' });
    expect(api.replays.acks('night')).toMatchObject([{ done_rows: 7, is_released: true }]);
  });

  test('has nothing to send where the replay is finished, but from the start when it is forgotten', async () => {
    const finished = {
      replay_id: replayId,
      started_at: '2026-01-01T12:00:00.000Z',
      loops: 1,
      active_senders: 1,
    };
    const answer = { ...finished, state: 'finished', lease: null, retry_after_ms: 0 };
    let isForgotten = false;
    const script: Script = ({ method, url }) => {
      if (method === 'DELETE') isForgotten = true;
      return !isForgotten && url.endsWith('/lease') ? { status: 200, body: answer } : undefined;
    };
    const first = await setUp({ csv: `${header}24,51,60\n`, script });
    const { code, lines } = await first.go();
    expect(code).toBe(0);
    expect(lines).toEqual([
      'nothing left to send: the replay night is finished; --restart sends the file again',
    ]);
    const second = await setUp({ csv: `${header}24,51,60\n`, script, args: ['--restart'] });
    expect((await second.go()).summary).toMatchObject({ accepted: 1 });
  });

  test('ends with what the API says where the replay is of another file', async () => {
    const { go } = await setUp({
      csv: `${header}24,51,60\n`,
      script: ({ url }) => (url.endsWith('/lease') ? problem(409, 'It is of another file.') : undefined),
    });
    expect(await go()).toMatchObject({
      code: 2,
      lines: ['the replay night: answered 409 It is of another file.'],
    });
  });

  test('sends a copy under a name and a sensor of its own', async () => {
    const csv = 'sensor_id,temperature,humidity,sound_volume\nboiler,24,51,60\n';
    const { api, go } = await setUp({ csv, args: ['--mode', 'copy'] });
    expect((await go()).code).toBe(0);
    expect(valuesOf(api.predictions(), 'sensor_id')).toEqual(['readings-one']);
    expect(api.replays.names()).toEqual(['night@readings-one']);
  });

  test('reads the standard input, once', async () => {
    const { api, go } = await setUp({
      standardInput: [header, '24,51', ',60\n25,51,60'],
      args: ['--loop', '0'],
    });
    expect((await go()).code).toBe(0);
    expect(valuesOf(api.predictions())).toEqual([24, 25]);
    expect(api.bodiesAt('/replays/night/lease')[0]).toMatchObject({
      ...{ loops: 1, file: { name: 'standard input', fingerprint: null } },
    });
  });

  test.each([
    ['file', ['2020-01-01T00:00:00.000Z', '2020-01-01T00:00:10.000Z'], []],
    ['now', ['2026-01-01T12:00:00.000Z', '2026-01-01T12:00:10.000Z'], []],
    ['now', ['2026-01-01T12:00:00.000Z', '2026-01-01T12:00:04.000Z'], ['--max-gap', '4s']],
  ])('sends timestamps of %s', async (timestamps, expected, args) => {
    const { api, go } = await setUp({
      csv: 'timestamp,temperature,humidity,sound_volume\n2020-01-01T00:00:00Z,1,2,3\n2020-01-01 00:00:10,1,2,3\n',
      args: ['--timestamps', timestamps, '--speed', '0', ...args],
    });
    expect((await go()).code).toBe(0);
    expect(valuesOf(api.predictions(), 'timestamp')).toEqual(expected);
  });

  test('makes the faults that it is asked for, and stores each other row once', async () => {
    const rows = Array.from({ length: 300 }, (_, row) => `${row},51,60\n`);
    const { api, go } = await setUp({
      csv: header + rows.join(''),
      args: ['--faults', 'dup:10%,drop:10%,late:10%,garbage:10%', '--chunk', '100', '--concurrency', '3'],
      script: ({ url, body }) =>
        url === '/predict' && v5Pattern.test(String(Reflect.get(Object(body), 'id')))
          ? undefined
          : garbageAt(url),
    });
    const { code, summary, lines } = await go();
    const sums = sumOfAcks(api);
    expect([code, lines]).toEqual([0, []]);
    expect(sums.done_rows).toBe(300);
    expect(sums.stored + sums.dropped).toBe(300);
    expect(sums.dropped).toBeGreaterThan(10);
    const ids = valuesOf(api.predictions(), 'id').filter((id) => v5Pattern.test(String(id)));
    expect(new Set(ids).size).toBe(sums.stored);
    const counts = Object(summary);
    expect(counts).toMatchObject({ left_out: sums.dropped, doubled: ids.length - sums.stored, rejected: 0 });
    expect(counts.garbage).toBeGreaterThan(10);
    expect(counts.delayed).toBeGreaterThan(10);
    const order = valuesOf(api.predictions()).filter(Number.isFinite);
    expect(order).not.toEqual(order.toSorted((a, b) => a - b));
  });

  test('says what readings really were, and counts a row as done only then', async () => {
    let refused = 0;
    const { api, go } = await setUp({
      csv: 'temperature,humidity,sound_volume,label\n24,51,60,0\n31,51,60,1\nx,51,60,1\n',
      script: ({ url }) => {
        if (url !== '/truth') return undefined;
        refused += 1;
        return refused < 3 ? { status: 503 } : undefined;
      },
    });
    const { summary } = await go();
    const ids = ['0/0', '0/1'].map((name) => v5(name, replayId));
    expect(api.bodiesAt('/truth').at(-1)).toEqual([
      { id: ids[0], label: 0, source: 'label' },
      { id: ids[1], label: 1, source: 'label' },
    ]);
    expect(api.predictions().some((body) => 'label' in Object(body))).toBe(false);
    expect(summary).toMatchObject({ labels_stored: 2, labels_rejected: 0 });
    const truthAt = api.requests.findLastIndex(({ url }) => url === '/truth');
    const early = api.requests.slice(0, truthAt).filter(({ url }) => url.endsWith('/ack'));
    expect(
      valuesOf(
        early.map(({ body }) => body),
        'done_rows',
      ).every((done) => done === 0),
    ).toBe(true);
  });

  test('judges what was expected', async () => {
    const csv = `${header}24,51,60\nx,51,60\n`;
    const met = await (await setUp({ csv, args: ['--expect', 'lost=0,dup=0,p99<60s'] })).go();
    expect(met.code).toBe(0);
    const failed = await (await setUp({ csv, args: ['--expect', 'accepted=2'] })).go();
    expect(failed.code).toBe(1);
    expect(failed.lines.at(-1)).toBe('expected accepted=2, measured 1');
  });

  test('refuses a file of which no row is valid, before it asks the API', async () => {
    const { api, go } = await setUp({ csv: `${header}x,51,60\n` });
    const { code, lines } = await go();
    expect(code).toBe(2);
    expect(lines.at(-1)).toBe('FILE has no valid row; expected at least one under its header');
    expect(api.requests).toEqual([]);
  });
});

const v5Pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-5/;
const garbageAt = (url: string) => (url === '/predict' ? problem(400, 'Not a reading.') : undefined);

describe('a backfill', () => {
  const csv = `${header}1,51,60\n2,51,60\n3,51,60\n`;

  async function fill(stats: unknown, options: { args?: string[]; replays?: unknown[] } = {}) {
    let stopLive: AbortController | undefined;
    const { api, stop, go } = await setUp({
      csv,
      args: ['--loop', '0', '--backfill', '2', ...(options.args ?? [])],
      script: ({ url, body }) => {
        if (url === '/predict' && !Array.isArray(body)) stopLive?.abort();
        if (url === '/stats') return { status: 200, body: stats };
        const as_of = '2026-01-01T12:00:00.000Z';
        return url === '/replays'
          ? { status: 200, body: { as_of, replays: options.replays ?? [] } }
          : undefined;
      },
    });
    stopLive = stop;
    const { summary, lines } = await go();
    const past = api.predictions().filter(Array.isArray).flat();
    return { past, live: api.predictions().filter((body) => !Array.isArray(body)), summary, lines };
  }

  test('gives an empty API the first rows as a past, once, and then replays', async () => {
    const { past, live, summary } = await fill(toStats(0));
    expect(past).toMatchObject([
      { temperature: 1, timestamp: '2026-01-01T11:00:00.000Z' },
      { temperature: 2, timestamp: '2026-01-01T11:30:00.000Z' },
    ]);
    expect(live[0]).toMatchObject({ temperature: 1 });
    expect(live[0]).not.toHaveProperty('timestamp');
    expect(new Set(valuesOf([...past, ...live], 'id')).size).toBe(past.length + live.length);
    expect(summary).toMatchObject({ backfilled: 2 });
  });

  test('sends a file that is shorter once, and keeps its timestamps where they are asked for', async () => {
    expect((await fill(toStats(0), { args: ['--backfill', '100'] })).past).toHaveLength(3);
  });

  test.each([
    ['that has readings', toStats(1), []],
    [
      'that does not say how many',
      'many',
      [expect.stringContaining('no backfill: GET /stats answered 200 with')],
    ],
  ])('fills no API %s', async (_, stats, said) => {
    const { past, lines } = await fill(stats);
    expect([past, lines]).toEqual([[], said]);
  });

  test('goes on with one that another sender left', async () => {
    const outcomes = { stored: 1, rejected: 0, bad: 0, dropped: 0, replayed: 0 };
    const left = {
      ...{
        name: 'night.backfill',
        replay_id: replayId,
        file_name: 'a.csv',
        state: 'idle',
        loops: 1,
        loop: 0,
      },
      ...{ total_rows: null, done_rows: 1, ...outcomes, taken_over: 0, finished_at: null, senders: [] },
      started_at: '2026-01-01T12:00:00.000Z',
    };
    expect((await fill(toStats(1), { replays: [left] })).past).toHaveLength(2);
    expect((await fill(toStats(1), { replays: [{ ...left, state: 'finished' }] })).past).toEqual([]);
  });

  test('is none where the file is sent a number of times', async () => {
    const { api, go } = await setUp({
      csv,
      script: ({ url }) => (url === '/stats' ? { status: 200, body: toStats(0) } : undefined),
    });
    await go();
    expect(valuesOf(api.predictions())).toEqual([1, 2, 3]);
  });
});

describe('--dry-run', () => {
  test('says how the file is understood and how long it takes, and sends nothing', async () => {
    const csv =
      'timestamp;temperature;humidity;sound_volume;target\n2026-01-01T00:00:00Z;24,5;51;60;1\n2026-01-01T00:10:00Z;x;51;60;0\n2026-01-01T01:00:00Z;25;51;60;0\n';
    const { api, go } = await setUp({
      csv,
      args: ['--dry-run', '--timestamps', 'file', '--speed', '200%', '--loop', '3'],
    });
    const { code, summary, lines } = await go();
    expect([code, api.requests]).toEqual([0, []]);
    expect(lines).toEqual(['FILE:3: temperature "x": expected a number from -273.15 to 1000 °C']);
    expect(summary).toMatchObject({
      ...{ delimiter: ';', decimal_comma: true, label: 'target', rows: 3, bad_rows: 1, labels: 2 },
      ...{ from: '2026-01-01T00:00:00.000Z', to: '2026-01-01T01:00:00.000Z' },
      columns: { timestamp: 1, temperature: 2, humidity: 3, sound_volume: 4 },
      duration_s: { of_a_loop: 1800, in_all: 5400 },
    });
  });

  test('names a metrics port that is taken, and sends nothing', async () => {
    const { api, go } = await setUp({ csv: `${header}24,51,60\n` });
    const port = new URL(api.url).port;
    const taken = await setUp({ csv: `${header}24,51,60\n`, args: ['--metrics-port', port] });
    const { code, lines } = await taken.go();
    expect(code).toBe(2);
    expect(lines.at(-1)).toContain(
      `SENDER_METRICS_PORT / --metrics-port: cannot listen on 127.0.0.1:${port}`,
    );
    expect(taken.api.predictions()).toEqual([]);
    expect((await go()).code).toBe(0);
  });
});
