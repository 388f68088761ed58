import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Script, startScriptedApi } from './testing/scripted-api.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const header = 'temperature,humidity,sound_volume\n';
const children: ChildProcess[] = [];
const closers: (() => unknown)[] = [];
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sender-main-'));
});
afterEach(async () => {
  for (const child of children.splice(0))
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  for (const close of closers.splice(0)) await close();
  await rm(folder, { recursive: true });
});

/** In a folder of its own, so that no .env but its own is read. */
function startSender(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const ended = once(child, 'exit').then(([code]) => code);
  const result = Promise.all([ended, text(child.stdout), text(child.stderr)]).then(
    ([code, stdout, stderr]) => ({
      code,
      stdout,
      stderr,
    }),
  );
  return { child, result };
}

async function writeCsv(csv: string): Promise<string> {
  const file = join(folder, 'readings.csv');
  await writeFile(file, csv);
  return file;
}

async function startApi(script?: Script) {
  const api = await startScriptedApi(script);
  closers.push(api.close);
  return api;
}

/** An API that signals the n-th reading, and answers it as given. */
async function startApiThatSignals(count: number, answerThen?: ReturnType<Script>) {
  const arrivals = new EventEmitter();
  const arrival = once(arrivals, 'last');
  let arrived = 0;
  const api = await startApi(({ method, url }) => {
    if (method !== 'POST' || url !== '/predict') return undefined;
    arrived += 1;
    if (arrived < count) return undefined;
    arrivals.emit('last');
    return answerThen;
  });
  return { api, arrival };
}

async function startApiThatIsNotReady() {
  const requests = new EventEmitter();
  const firstRequest = once(requests, 'first');
  const api = await startApi(() => {
    requests.emit('first');
    return { status: 503 };
  });
  return { api, firstRequest };
}

describe('main', () => {
  test('replays a file and prints the summary as JSON', async () => {
    const api = await startApi();
    const file = await writeCsv(`${header}24,51,60\n31,51,60\n`);
    const { result } = startSender([
      '--api-url',
      api.url,
      '--file',
      file,
      '--loop',
      '2',
      '--rate',
      '0',
      '--json',
    ]);
    const { code, stdout, stderr } = await result;
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{
        rows: 4,
        accepted: 4,
        duplicates: 0,
        replayed: 0,
        rejected: 0,
        bad_rows: 0,
        unreadable: 0,
        unfinished: 0,
      },
      ...{ backfilled: 0, retries: 0, anomalies: 2, loop: 2, stopped_by: null },
      duration_ms: expect.any(Number),
      rows_per_second: expect.any(Number),
      latency_ms: { p99: expect.any(Number) },
    });
  });

  test('reads .env of the working directory, and exits with 1 if a row is bad', async () => {
    const api = await startApi();
    await writeCsv(`${header}24,51,60\n24,51\n`);
    await writeFile(
      join(folder, '.env'),
      `SENDER_API_URL=${api.url}\nSENDER_FILE=readings.csv\nSENDER_LOOP=1\n`,
    );
    const { code, stdout, stderr } = await startSender([]).result;
    expect(stderr).toBe('readings.csv:3: "24,51": expected 3 fields as in the header, found 2\n');
    expect(stdout).toMatch(/^rows +2$/m);
    expect(stdout).toMatch(/^bad rows +1$/m);
    expect(code).toBe(1);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('prints the summary and exits with 0 on %s', async (signal) => {
    const { api, arrival } = await startApiThatSignals(3);
    const file = await writeCsv(`${header}24,51,60\n`);
    const { child, result } = startSender(['--api-url', api.url, '--file', file, '--rate', '100', '--json']);
    await arrival;
    child.kill(signal);
    const { code, stdout } = await result;
    expect(code).toBe(0);
    const { rows, accepted, stopped_by: stoppedBy } = JSON.parse(stdout);
    expect(accepted).toBeGreaterThanOrEqual(rows - 1);
    expect(accepted).toBe(api.predictions().length);
    expect(stoppedBy).toBe(signal);
  });

  test('ends at once on the second signal', async () => {
    const { api, arrival } = await startApiThatSignals(1, 'never');
    const file = await writeCsv(`${header}24,51,60\n`);
    const { child, result } = startSender(['--api-url', api.url, '--file', file]);
    await arrival;
    child.kill('SIGINT');
    child.kill('SIGTERM');
    const { code, stdout } = await result;
    expect([130, 143]).toContain(code);
    expect(stdout).toBe('');
  });

  test('prints the summary if it is stopped while it waits for the API', async () => {
    const { api, firstRequest } = await startApiThatIsNotReady();
    const file = await writeCsv(`${header}24,51,60\n`);
    const { child, result } = startSender(['--api-url', api.url, '--file', file, '--json']);
    await firstRequest;
    child.kill('SIGTERM');
    const { code, stdout } = await result;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ rows: 0, stopped_by: 'SIGTERM' });
  });

  test('exits with 2 and reports every invalid setting', async () => {
    const { code, stdout, stderr } = await startSender(['--loop', 'x'], { SENDER_RATE: 'y' }).result;
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(/^SENDER_RATE \/ --rate: given "y", expected /),
      expect.stringMatching(/^SENDER_LOOP \/ --loop: given "x", expected /),
      '',
    ]);
  });

  test('exits with 2 if the file is missing', async () => {
    const { code, stderr } = await startSender(['--file', 'nowhere.csv']).result;
    expect(code).toBe(2);
    expect(stderr).toBe('nowhere.csv does not exist; expected a CSV file of readings\n');
  });

  test('exits with 2 if no row is valid', async () => {
    const api = await startApi();
    const file = await writeCsv(`${header}24,51,x\n`);
    const { code, stdout, stderr } = await startSender(['--api-url', api.url, '--file', file, '--json'])
      .result;
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('has no valid row');
  });

  test('prints help', async () => {
    const { code, stdout } = await startSender(['--help']).result;
    expect(code).toBe(0);
    expect(stdout).toContain('SENDER_API_URL');
  });
});
