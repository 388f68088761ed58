import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { v5 } from 'uuid';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from './clock.ts';
import { parseConfig } from './config/parse-config.ts';
import { runSender } from './sender.ts';
import { type Script, startScriptedApi, toStats } from './testing/scripted-api.ts';

const header = 'temperature,humidity,sound_volume\n';
const replayId = '019b76da-a800-7000-8000-000000000001';
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

type SetUp = { csv?: string; args?: string[]; script?: Script; standardInput?: string[] };

async function setUp({ csv, args = [], script, standardInput = [] }: SetUp) {
  const folder = await mkdtemp(join(tmpdir(), 'sender-run-'));
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
  const logged = new PassThrough();
  async function* input() {
    for (const text of standardInput) yield Buffer.from(text);
  }
  const go = async () => {
    const code = await runSender(parsed.config, {
      clock: { ...systemClock, every: () => () => undefined },
      random: () => 0,
      host: { hostname: 'box', isContainer: false, unique: 'abc' },
      standardInput: input(),
      output: { write: (text) => written.push(text) },
      progressOutput: logged,
      isTerminal: false,
      stop: stop.signal,
      abort: new AbortController().signal,
      stoppedBy: () => (stop.signal.aborted ? 'SIGTERM' : null),
    });
    const text = String(logged.read() ?? '').replaceAll(file, 'FILE');
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
  const sums = { done_rows: 0, stored: 0, rejected: 0, bad: 0, dropped: 0, duplicates: 0 };
  for (const { done_rows, outcomes } of api.replays.acks(name)) {
    sums.done_rows += done_rows;
    for (const key of ['stored', 'rejected', 'bad', 'dropped', 'duplicates'] as const)
      sums[key] += outcomes[key];
  }
  return sums;
}

const problem = (status: number, detail: string, errors: { path: string; message: string }[] = []) => ({
  status,
  body: { type: 'a', title: 'b', status, detail, errors },
});

describe('a replay', () => {
  test('sends each row of each loop once, with an id and without a timestamp, and acks it', async () => {
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

  test('reports its latencies, in the buckets of the API', async () => {
    const { api, go } = await setUp({ csv: header + '24,51,60\n'.repeat(30) });
    await go();
    const latencies = api.replays.acks('night').at(-1)?.load?.latencies ?? [];
    expect(latencies.reduce((sum, count) => sum + count, 0)).toBe(30);
  });

  test('leases chunk after chunk until the end of the file', async () => {
    const csv = header + '24,51,60\n'.repeat(25);
    const { api, go } = await setUp({ csv, args: ['--chunk', '10', '--concurrency', '4'] });
    expect((await go()).code).toBe(0);
    expect(api.predictions()).toHaveLength(25);
    expect(sumOfAcks(api)).toMatchObject({ done_rows: 25, stored: 25 });
    expect(valuesOf(api.bodiesAt('/replays/night/ack'), 'total_rows')).toContain(25);
  });

  test('reports bad, rejected and conflicting rows with their lines, and continues', async () => {
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
    expect(sumOfAcks(api)).toEqual({
      done_rows: 5,
      stored: 2,
      rejected: 2,
      bad: 1,
      dropped: 0,
      duplicates: 0,
    });
    expect(lines).toEqual([
      'FILE: ignored columns: site (not numbers)',
      'FILE:3: temperature "hot": expected a number from -273.15 to 1000 °C',
      'FILE:4: rejected: answered 400 Not valid.; temperature: expected another number',
      'FILE:5: conflict: answered 409 The id is taken.',
    ]);
  });

  test('reports bad rows of the first loop only, and at most 20', async () => {
    const csv = `${header}24,51,60\n${'x,51,60\n'.repeat(30)}`;
    const { lines, summary } = await (await setUp({ csv, args: ['--loop', '2'] })).go();
    expect(summary).toMatchObject({ rows: 62, bad_rows: 60, accepted: 2 });
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe('further bad rows are counted but not listed');
  });

  test('logs an outage once, and its end once', async () => {
    let leaseRequests = 0;
    const { go } = await setUp({
      csv: `${header}24,51,60\n25,51,60\n`,
      script: ({ url }) => {
        if (url === '/replays/night/lease') leaseRequests += 1;
        return leaseRequests > 0 && leaseRequests < 6 && url !== '/readyz' ? { status: 503 } : undefined;
      },
    });
    const { code, lines } = await go();
    expect(code).toBe(0);
    expect(lines).toEqual(['retrying until the API answers: answered 503', 'the API answers again']);
  });

  test('skips the rest of a chunk when its lease is lost, and logs it once', async () => {
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
    expect(lines).toEqual(['lost the lease of rows 0–19: answered 409 It was silent for too long.']);
    expect(sumOfAcks(api)).toMatchObject({ done_rows: 20 });
  });

  test('acks what is done and releases the rest when it is stopped', async () => {
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

  test('has nothing to send if the replay is finished, and sends the file again with --restart', async () => {
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
      'nothing left to send: the replay night is finished; use --restart to send the file again',
    ]);
    const second = await setUp({ csv: `${header}24,51,60\n`, script, args: ['--restart'] });
    expect((await second.go()).summary).toMatchObject({ accepted: 1 });
  });

  test('ends with the answer of the API if the replay has another file', async () => {
    const { go } = await setUp({
      csv: `${header}24,51,60\n`,
      script: ({ url }) => (url.endsWith('/lease') ? problem(409, 'It is of another file.') : undefined),
    });
    expect(await go()).toMatchObject({
      code: 2,
      lines: ['replay night: answered 409 It is of another file.'],
    });
  });

  test('sends a copy with a replay and a sensor of its own', async () => {
    const csv = 'sensor_id,temperature,humidity,sound_volume\nboiler,24,51,60\n';
    const { api, go } = await setUp({ csv, args: ['--mode', 'copy'] });
    expect((await go()).code).toBe(0);
    expect(valuesOf(api.predictions(), 'sensor_id')).toEqual(['readings-one']);
    expect(api.replays.names()).toEqual(['night@readings-one']);
  });

  test('reads standard input once', async () => {
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

  test('injects faults, and stores each other row once', async () => {
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

  test('sends labels, and acks a row only when its label is stored', async () => {
    let refused = 0;
    const { api, go } = await setUp({
      csv: 'temperature,humidity,sound_volume,label\n24,51,60,0\n31,51,60,1\nx,51,60,1\n',
      script: ({ url }) => {
        if (url !== '/feedback') return undefined;
        refused += 1;
        return refused < 3 ? { status: 503 } : undefined;
      },
    });
    const { summary } = await go();
    const ids = ['0/0', '0/1'].map((name) => v5(name, replayId));
    expect(api.bodiesAt('/feedback').at(-1)).toEqual([
      { id: ids[0], label: 0, source: 'label' },
      { id: ids[1], label: 1, source: 'label' },
    ]);
    expect(api.predictions().some((body) => 'label' in Object(body))).toBe(false);
    expect(summary).toMatchObject({ labels_stored: 2, labels_rejected: 0 });
    const feedbackAt = api.requests.findLastIndex(({ url }) => url === '/feedback');
    const early = api.requests.slice(0, feedbackAt).filter(({ url }) => url.endsWith('/ack'));
    expect(
      valuesOf(
        early.map(({ body }) => body),
        'done_rows',
      ).every((done) => done === 0),
    ).toBe(true);
  });

  test('checks expectations', async () => {
    const csv = `${header}24,51,60\nx,51,60\n`;
    const met = await (await setUp({ csv, args: ['--expect', 'lost=0,dup=0,p99<60s'] })).go();
    expect(met.code).toBe(0);
    const failed = await (await setUp({ csv, args: ['--expect', 'accepted=2'] })).go();
    expect(failed.code).toBe(1);
    expect(failed.lines.at(-1)).toBe('expected accepted=2, measured 1');
  });

  test('refuses a file without valid rows before any reading is sent', async () => {
    const { api, go } = await setUp({ csv: `${header}x,51,60\n` });
    const { code, lines } = await go();
    expect(code).toBe(2);
    expect(lines.at(-1)).toBe('FILE has no valid row; expected at least one below its header');
    expect(api.requests.every(({ method }) => method === 'GET')).toBe(true);
  });
});

describe('a small file that is shared', () => {
  const csv = header + '24,51,60\n'.repeat(4);
  const leaseTerms = ({ bodiesAt }: Api, replay = 'night') => {
    const bodies = bodiesAt(`/replays/${replay}/lease`);
    return valuesOf(bodies, 'shares_evenly').map((value, index) => [
      value,
      valuesOf(bodies, 'total_rows')[index],
    ]);
  };

  test('is counted, and its rows are shared evenly', async () => {
    const { api, go } = await setUp({ csv });
    expect((await go()).code).toBe(0);
    expect(new Set(leaseTerms(api).map(String))).toEqual(new Set(['true,4']));
    expect(sumOfAcks(api)).toMatchObject({ done_rows: 4, stored: 4 });
  });

  test.each([
    ['with a rate', ['--rate', '1000'], 'night'],
    ['spaced by its timestamps', ['--timestamps', 'now', '--speed', '100'], 'night'],
    ['as a copy', ['--mode', 'copy'], 'night@readings-one'],
  ])('is leased as usual if it is sent %s', async (_, args, replay) => {
    const timed = 'time,temperature,humidity,sound_volume\n2020-01-01T00:00:00Z,1,2,3\n';
    const { api, go } = await setUp({ csv: timed, args });
    expect((await go()).code).toBe(0);
    expect(new Set(leaseTerms(api, replay).map(String))).toEqual(new Set([',']));
  });

  test('is leased as usual if it is sent without end', async () => {
    let stopAfter: AbortController | undefined;
    const { api, stop, go } = await setUp({
      csv,
      args: ['--loop', '0', '--backfill', '0'],
      script: ({ url }) => {
        if (url === '/predict') stopAfter?.abort();
        return undefined;
      },
    });
    stopAfter = stop;
    await go();
    expect(leaseTerms(api).map(String)).toEqual([',']);
  });

  test('is leased as usual by an API that does not know of it', async () => {
    const unknown = ['shares_evenly', 'total_rows'].map((path) => ({ path, message: 'unknown field' }));
    const { api, go } = await setUp({
      csv,
      script: ({ url, body }) =>
        url.endsWith('/lease') && 'shares_evenly' in Object(body)
          ? problem(400, 'The request is not valid.', unknown)
          : undefined,
    });
    const { code, lines } = await go();
    expect([code, lines]).toEqual([0, []]);
    expect(leaseTerms(api).slice(0, 2)).toEqual([
      [true, 4],
      [undefined, undefined],
    ]);
    expect(leaseTerms(api).filter(([isEven]) => isEven)).toHaveLength(1);
    expect(sumOfAcks(api)).toMatchObject({ done_rows: 4, stored: 4 });
  });

  test('is sent once the API no longer waits for other senders', async () => {
    let requests = 0;
    const { api, go } = await setUp({
      csv,
      script: ({ url }) => {
        if (!url.endsWith('/lease') || requests++ > 0) return undefined;
        const terms = { replay_id: replayId, started_at: '2026-01-01T12:00:00.000Z', loops: 1 };
        const waiting = { state: 'waiting', lease: null, active_senders: 1, retry_after_ms: 20 };
        return { status: 200, body: { ...terms, ...waiting } };
      },
    });
    expect((await go()).code).toBe(0);
    expect(sumOfAcks(api)).toMatchObject({ done_rows: 4, stored: 4 });
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

  test('fills an empty API with the first rows, and then replays the file', async () => {
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

  test('sends a shorter file once', async () => {
    expect((await fill(toStats(0), { args: ['--backfill', '100'] })).past).toHaveLength(3);
  });

  test.each([
    ['that has readings', toStats(1), []],
    [
      'that does not report their number',
      'many',
      [expect.stringContaining('no backfill: GET /stats answered 200 with')],
    ],
  ])('fills no API %s', async (_, stats, said) => {
    const { past, lines } = await fill(stats);
    expect([past, lines]).toEqual([[], said]);
  });

  test('continues a backfill that another sender left', async () => {
    const outcomes = { stored: 1, rejected: 0, bad: 0, dropped: 0, duplicates: 0 };
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

  test('does not happen if the file is sent a limited number of times', async () => {
    const { api, go } = await setUp({
      csv,
      script: ({ url }) => (url === '/stats' ? { status: 200, body: toStats(0) } : undefined),
    });
    await go();
    expect(valuesOf(api.predictions())).toEqual([1, 2, 3]);
  });
});

const pump = 'time,Flow (l/min),max,note\n2026-11-22 15:04:05,1.5,2,a\n2026-11-22 15:04:06,,3,b\n';

describe('a sensor type', () => {
  test('is made of the columns of numbers when the API is ready, before the first reading', async () => {
    const { api, go } = await setUp({ csv: pump });
    const { code, lines, summary } = await go();
    expect([code, lines]).toEqual([
      0,
      [
        expect.stringContaining('FILE: names the feature "max" max_value'),
        expect.stringContaining('FILE: does not send the times in "time"'),
        'FILE: ignored columns: note (not numbers)',
        'made the sensor type readings: Flow [l/min], max_value',
      ],
    ]);
    expect(api.bodiesAt('/types').at(-1)).toMatchObject({
      name: 'readings',
      features: [
        { name: 'Flow', title: 'Flow', unit: 'l/min', min: null },
        { name: 'max_value', title: 'max' },
      ],
    });
    expect(api.predictions()).toMatchObject([
      { type: 'readings', Flow: 1.5, max_value: 2 },
      { type: 'readings', Flow: null, max_value: 3 },
    ]);
    expect(summary).toMatchObject({ accepted: 2, skipped_rows: 0 });
    const urls = api.requests.map(({ method, url }) => `${method} ${url}`);
    expect(urls.slice(0, 3)).toEqual(['GET /readyz', 'GET /types', 'POST /types']);
  });

  test('is taken if it exists, and not made again', async () => {
    const csv = `${pump}2026-11-22 15:04:07,0.5,3,c\n`;
    const { api, go } = await setUp({ csv, args: ['--type', 'line-3'] });
    const feature = { title: 'Flow', unit: 'l/min', min: 0, max: 1, decimals: 1 };
    api.types.add({ name: 'line-3', features: [{ name: 'flow', ...feature }] });
    const { code, lines, summary } = await go();
    expect(api.bodiesAt('/types')).toEqual([undefined]);
    expect(code).toBe(1);
    expect(summary).toMatchObject({ bad_rows: 1, skipped_rows: 1 });
    expect(lines).toContain('FILE: holds readings of the type line-3');
    expect(lines.slice(-4)).toEqual(
      expect.arrayContaining([
        'FILE: 1 row skipped: flow is missing (first in line 3)',
        'FILE: 1 row not sent: flow is above 1 l/min (first in line 2, up to 1.5); PATCH /types/line-3 widens the limit, as in {"features":[{"name":"flow","max":1.5}]}',
      ]),
    );
  });

  test('that the API refuses ends the sender, with its answer', async () => {
    const { api, go } = await setUp({
      csv: pump,
      script: ({ method, url }) =>
        method === 'POST' && url === '/types'
          ? {
              status: 409,
              body: {
                type: '/problems/limit_reached',
                title: 'b',
                status: 409,
                detail: 'There are 100 types.',
                errors: [],
              },
            }
          : undefined,
    });
    const { code, lines } = await go();
    expect(code).toBe(2);
    expect(lines.at(-1)).toBe(
      'cannot make the type readings: answered 409 There are 100 types.; --type takes another type',
    );
    expect(api.bodiesAt('/types')).toHaveLength(2);
    expect(api.predictions()).toEqual([]);
  });

  test('is the only one of an API that does not know types', async () => {
    const { api, go } = await setUp({
      csv: `${header}24,51,60\n`,
      script: ({ url }) => (url === '/types' ? { status: 404 } : undefined),
    });
    expect((await go()).code).toBe(0);
    expect(api.predictions()[0]).not.toHaveProperty('type');
  });

  test('takes no further sensors where the API has as many as it may have', async () => {
    const body = {
      type: 'limit_reached',
      title: 'b',
      status: 409,
      detail: 'There are 10000 sensors.',
      errors: [],
    };
    const { api, go } = await setUp({
      csv: `${header}24,51,60\n`,
      script: ({ url }) => (url === '/predict' ? { status: 409, body } : undefined),
    });
    const { code, summary, lines } = await go();
    expect([code, api.predictions().length]).toEqual([1, 1]);
    expect(summary).toMatchObject({ rejected: 1, conflicts: 0 });
    expect(lines).toEqual(['FILE:2: rejected: answered 409 There are 10000 sensors.']);
  });
});

describe('missing values', () => {
  const csv = 'temperature,humidity,sound_volume\n24,51,60\nNA,51,60\n--,51,60\n24,51,unavailable\n';

  test('are skipped and counted where the model needs them', async () => {
    const script: Script = ({ url, body }) => {
      const [path] = Object.entries(Object(body)).find(([, value]) => value === null) ?? [];
      if (url !== '/predict' || path === undefined) return undefined;
      return problem(400, 'Not valid.', [{ path, message: 'expected a number' }]);
    };
    const { api, go } = await setUp({ csv, script });
    const { code, lines, summary } = await go();
    expect([code, lines]).toEqual([
      0,
      [
        'FILE: 2 rows skipped: temperature is missing (first in line 3)',
        'FILE: 1 row skipped: sound_volume is missing (first in line 5)',
      ],
    ]);
    expect(summary).toMatchObject({ rows: 4, accepted: 1, rejected: 0, bad_rows: 0, skipped_rows: 3 });
    expect(valuesOf(api.predictions()).slice(0, 2)).toEqual([24, null]);
    expect(sumOfAcks(api)).toMatchObject({ done_rows: 4, stored: 1, dropped: 3 });
  });

  test('are sent as null where nothing scores, or the model takes them', async () => {
    const { api, go } = await setUp({ csv });
    const { code, lines } = await go();
    expect([code, lines]).toEqual([0, []]);
    expect(valuesOf(api.predictions())).toEqual([24, null, null, 24]);
    expect(valuesOf(api.predictions(), 'id')).toEqual(
      ['0/0', '0/1', '0/2', '0/3'].map((name) => v5(name, replayId)),
    );
  });
});

describe('the clock of a logger', () => {
  const csv = `timestamp,${header}2000-01-01 00:00:07,1,2,3\n2000-01-01 00:00:08,1,2,3\n2026-11-22 15:04:05,1,2,3\n2026-11-20 15:04:06,1,2,3\n`;
  const named = [
    'FILE: spaces the rows by their times; --speed 0 --rate 0 sends them as fast as the API answers',
    'FILE:2: 2000-01-01T00:00:07.000Z is before 2001, and 1 more: was the clock of the logger set?',
    'FILE:4: 2026-11-22T15:04:05.000Z is 9822.6 days after line 3; --max-gap shortens pauses',
    'FILE:5: 2026-11-20T15:04:06.000Z is 2 days before line 4',
  ];

  test.each([
    ['a,1795359845\na,1795359845\na,1795359845', true],
    ['a,2026-11-22\nb,2026-11-22\na,2026-11-22\nb,2026-11-22', true],
    ['a,2026-11-22\nb,2026-11-22\na,2026-11-23\nb,2026-11-23', false],
  ])('that gives most rows of a sensor the same time is named: %j', async (rows, isNamed) => {
    const csv = `sensor_id,timestamp,${header}${rows.replaceAll('\n', ',1,2,3\n')},1,2,3\n`;
    const args = ['--timestamps', 'file', '--timezone', 'UTC', '--dry-run'];
    const { lines } = await (await setUp({ csv, args })).go();
    expect(lines.some((line) => line.includes('most rows of a sensor have the same time'))).toBe(isNamed);
  });

  test('that was not set is refused before anything is sent', async () => {
    const { api, go } = await setUp({ csv, args: ['--timestamps', 'file', '--timezone', 'UTC'] });
    const { code, lines } = await go();
    expect(code).toBe(2);
    expect(lines).toEqual([
      ...named,
      'FILE:4: 9822.6 days after the row before: was the clock of the logger set? --max-gap shortens the pause, as in --max-gap 1m',
    ]);
    expect(api.predictions()).toEqual([]);
  });

  test('that was not set is accepted with --max-gap, and does not matter to times of arrival', async () => {
    const capped = await setUp({
      csv,
      args: ['--timestamps', 'file', '--timezone', 'UTC', '--max-gap', '10ms'],
    });
    expect(await capped.go()).toMatchObject({ code: 0, lines: named, summary: { accepted: 4 } });
    const stamped = await setUp({ csv });
    expect((await stamped.go()).code).toBe(0);
  });

  test('that is ahead is named by a dry run, which reads the whole file', async () => {
    const rows = Array.from({ length: 12_000 }, (_, row) => `${1_700_000_000 + row},1,2,3\n`);
    const late = `timestamp,${header}${rows.join('')}2099-01-01 00:00:00,1,2,3\n`;
    const { go } = await setUp({ csv: late, args: ['--dry-run'] });
    const { code, summary } = await go();
    expect(code).toBe(0);
    expect(summary).toMatchObject({
      warnings: expect.arrayContaining([
        expect.stringContaining(
          ':12002: 2099-01-01T00:00:00.000Z is in the future: is the clock of the logger right',
        ),
      ]),
    });
  });
});

describe('--dry-run', () => {
  test('reports the format and the duration of the file, and sends nothing', async () => {
    const csv =
      'timestamp;temperature;humidity;sound_volume;target\n2026-01-01T00:00:00Z;24,5;51;60;1\n2026-01-01T00:10:00Z;x;51;60;0\n2026-01-01T01:00:00Z;25;51;60;0\n';
    const { api, go } = await setUp({
      csv,
      args: ['--dry-run', '--timestamps', 'file', '--speed', '200%', '--loop', '3'],
    });
    const { code, summary, lines } = await go();
    expect(code).toBe(0);
    expect(api.requests.every(({ method }) => method === 'GET')).toBe(true);
    expect(lines).toEqual([
      'FILE:3: temperature "x": expected a number from -273.15 to 1000 °C',
      'FILE: spaces the rows by their times; --speed 0 --rate 0 sends them as fast as the API answers',
    ]);
    expect(summary).toMatchObject({
      ...{ delimiter: ';', decimal_comma: true, label: 'target', rows: 3, bad_rows: 1, labels: 2 },
      ...{ from: '2026-01-01T00:00:00.000Z', to: '2026-01-01T01:00:00.000Z' },
      columns: { timestamp: 1, temperature: 2, humidity: 3, sound_volume: 4 },
      duration_s: { of_a_loop: 1800, in_all: 5400 },
    });
  });

  test('says which type it would make and how rows would be sent, without making or sending them', async () => {
    const { api, go } = await setUp({
      csv: pump,
      args: ['--dry-run', '--timestamps', 'file', '--timezone', 'Europe/Paris'],
    });
    const { code, summary, lines } = await go();
    expect(code).toBe(0);
    expect(lines[0]).toBe('FILE: would make the sensor type readings: Flow [l/min], max_value');
    expect(api.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /types']);
    expect(summary).toMatchObject({
      ...{ type: 'readings', is_new_type: true, time_zone: 'Europe/Paris', units: { Flow: 'l/min' } },
      ignored: ['note (not numbers)'],
      first: [
        { line: 2, reading: { type: 'readings', Flow: 1.5, timestamp: '2026-11-22T14:04:05.000Z' } },
        { line: 3 },
      ],
    });
  });

  test('does without the API', async () => {
    const { go } = await setUp({
      csv: `${header}24,51,60\n`,
      args: ['--dry-run', '--api-url', 'http://127.0.0.1:9'],
    });
    const { code, lines } = await go();
    expect(code).toBe(0);
    expect(lines).toEqual([
      'the API does not say which sensor types there are; assumes that there is only climate',
    ]);
  });

  test('reports a metrics port that is in use, and sends nothing', async () => {
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
