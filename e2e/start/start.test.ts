import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { statsSchema } from '@sensor-sentinel/contracts';
import axios from 'axios';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { createPlace, type LocalSystem, startLocalSystem } from '../testing/local-system.ts';
import { normalValues, postReading } from '../testing/post-reading.ts';
import { waitUntil } from '../testing/wait-until.ts';

const runningSchema = z.object({ children: z.array(z.object({ pid: z.int() })) });
const secretsSchema = z.object({ root: z.string().min(1) });

function start(environment: Record<string, string>): LocalSystem {
  const system = startLocalSystem(environment);
  onTestFinished(async () => {
    await system.stop();
    system.remove();
  });
  return system;
}

/** What the kernel says about a process; the empty string once it is gone. */
function readProcess(pid: number, file: 'cmdline' | 'environ' | 'status'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  return /^State:\s+[^Z\s]/m.test(readProcess(pid, 'status'));
}

function childrenOf({ directory }: LocalSystem): number[] {
  const running: unknown = JSON.parse(readFileSync(join(directory, 'running.json'), 'utf8'));
  return runningSchema.parse(running).children.map(({ pid }) => pid);
}

/** The files below a directory that hold this text; the tables of the database are too large to read. */
function findFilesWith(text: string, directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .filter((path) => !path.startsWith('database/'))
    .filter((path) => readFileSync(join(directory, path)).includes(text));
}

/** The running child of `npm start` with this text in its command line. */
function findChild(system: LocalSystem, text: string): number {
  const pids = childrenOf(system).filter(isAlive);
  const found = pids.find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text));
  if (found === undefined) throw new Error(`no child runs with "${text}"`);
  return found;
}

async function countReadings(system: LocalSystem, sensorId = 'kept'): Promise<number> {
  const { data } = await axios.get<unknown>(`${system.apiUrl}/stats`, { params: { sensor_id: sensorId } });
  return statsSchema.parse(data).count;
}

/** Runs a command of the repository to its end. */
async function runCommand(path: string, environment: Record<string, string>) {
  const child = spawn(process.execPath, [path], { env: environment });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
  const [code] = await once(child, 'close');
  return { code, output };
}

describe('npm start', () => {
  test('gives a first look, runs once per data directory, stops every process, finds its data again', async ({
    signal,
  }) => {
    const ofAnotherDatabase = { DATABASE_PASSWORD: 'other', DATABASE_ADMIN_PASSWORD_FILE: '/run/elsewhere' };
    const place = { ...(await createPlace()), ...ofAnotherDatabase };
    const first = start(place);
    await first.said('open http');
    await waitUntil(async () => (await countReadings(first, 'replay')) > 1000, signal);
    const prediction = await postReading(first.apiUrl, { ...normalValues, sensor_id: 'kept' });
    expect(prediction.prediction).toBe(0);
    const databaseFile = join(first.directory, 'database.env');
    const verified = await runCommand('services/api/cli/verify.ts', place);
    expect(verified).toMatchObject({ code: 0, output: expect.stringContaining(' 0 faults') });
    const refused = start(place);
    expect(await refused.exited).toBe(1);
    expect(refused.output()).toMatch(/it runs already \(process \d+\)/);

    const children = childrenOf(first);
    expect(children.filter(isAlive).length).toBeGreaterThanOrEqual(4);
    first.child.kill('SIGINT');
    expect(await first.exited).toBe(0);
    expect(children.filter(isAlive)).toEqual([]);
    expect(existsSync(databaseFile)).toBe(false);

    const second = start(place);
    await second.said('open http');
    expect(await countReadings(second)).toBe(1);
  });

  test('removes old readings without the password of root', async ({ signal }) => {
    const system = start({ ...(await createPlace()), RETENTION_RAW: '14d' });
    await system.said('starting the sender');
    const log = join(system.directory, 'logs/retention.log');
    await waitUntil(async () => readFileSync(log, 'utf8').includes('removed 0 readings'), signal);
    const retention = childrenOf(system).find((pid) => readProcess(pid, 'cmdline').includes('retain.ts'));
    const environment = readProcess(retention ?? 0, 'environ');
    expect(environment).toContain('RETENTION_DATABASE_URL=mysql://sentinel_retention:');
    expect(environment).not.toContain('mysql://root');
  });

  test('stops what an earlier start left behind when it was killed', async ({ signal }) => {
    const place = await createPlace();
    const first = start(place);
    await first.said('starting the sender');
    await waitUntil(async () => findChild(first, 'services/sender/main.ts') > 0, signal);
    const leftBehind = childrenOf(first).filter(isAlive);
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    const second = start(place);
    await second.said('open http');
    expect(leftBehind.filter(isAlive)).toEqual([]);
    const children = childrenOf(second);
    second.child.kill('SIGTERM');
    expect(await second.exited).toBe(0);
    expect(children.filter(isAlive)).toEqual([]);
  });

  test('stops everything when its output is no longer read', async () => {
    const system = start(await createPlace());
    await system.said('starting the API');
    const children = childrenOf(system);
    system.child.stdout?.destroy();
    expect(await system.exited).toBe(0);
    expect(children.filter(isAlive)).toEqual([]);
  });

  test('starts each process again after it was killed', async ({ signal }) => {
    const system = start({ ...(await createPlace()), RETENTION_RAW: '14d' });
    await system.said('open http');
    const { id, score } = await postReading(system.apiUrl, { ...normalValues, sensor_id: 'kept' });
    const isScoring = async () => (await postReading(system.apiUrl, normalValues)).score === score;
    const showsDashboard = async () => (await axios.get(system.dashboardUrl)).status === 200;

    process.kill(findChild(system, 'services/api/main.ts'), 'SIGKILL');
    await system.said('the api ended (SIGKILL)');
    await waitUntil(isScoring, signal);
    expect(await showsDashboard()).toBe(true);

    process.kill(findChild(system, 'bin/vite.js'), 'SIGKILL');
    await system.said('the dashboard ended (SIGKILL)');
    await waitUntil(showsDashboard, signal);

    for (const [name, program] of [
      ['sender', 'services/sender/main.ts'],
      ['retention', 'services/api/cli/retain.ts'],
    ] as const) {
      process.kill(findChild(system, program), 'SIGKILL');
      await system.said(`the ${name} ended (SIGKILL)`);
      await waitUntil(async () => findChild(system, program) > 0, signal);
    }

    process.kill(findChild(system, '--datadir='), 'SIGKILL');
    await system.said('the database ended (SIGKILL)');
    await waitUntil(isScoring, signal);
    const { data } = await axios.get(`${system.apiUrl}/readings/${id}`);
    expect(data).toMatchObject({ id, score });

    expect(system.child.exitCode).toBeNull();
    const children = childrenOf(system);
    expect(children.map(isAlive)).toEqual([true, true, true, true, true]);
    system.child.kill('SIGINT');
    expect(await system.exited).toBe(0);
    expect(children.filter(isAlive)).toEqual([]);
  });

  test.each([
    ['api', 2, { MAX_REQUESTS: 'many' }],
    ['retention', 1, { RETENTION_RAW: 'long' }],
  ])('says why it cannot start when the %s ends at once', async (name, code, setting) => {
    const system = start({ ...(await createPlace()), ...setting });
    expect(await system.exited).toBe(1);
    expect(system.output()).toContain(
      `Cannot start: the ${name} ended (exit code ${code}): see ${system.directory}/logs/${name}.log`,
    );
  });

  test('limits the size of a log, and keeps the logs of the previous start', async ({ signal }) => {
    const place = await createPlace();
    const first = start(place);
    await first.said('open http');
    const log = join(first.directory, 'logs/api.log');
    appendFileSync(log, 'x'.repeat(11_000_000));
    await waitUntil(async () => statSync(`${log}.1`).size >= 11_000_000, signal);
    await waitUntil(async () => statSync(log).size < 1_000_000, signal);
    await first.stop();
    const previous = readFileSync(join(first.directory, 'logs/dashboard.log'), 'utf8');
    expect(previous).not.toBe('');
    const second = start(place);
    await second.said('open http');
    expect(readFileSync(join(first.directory, 'logs/dashboard.log.1'), 'utf8')).toBe(previous);
  });

  test('keeps the root password in files that only their owner can read, and removes the copies of earlier versions', async () => {
    const place = await createPlace();
    const temporary = mkdtempSync(join(tmpdir(), 'start-test-'));
    onTestFinished(() => rmSync(temporary, { recursive: true }));
    const abandoned = join(temporary, 'sensor-sentinel-Ab12Cd');
    mkdirSync(abandoned);
    writeFileSync(join(abandoned, 'init.sql'), 'left behind');
    utimesSync(join(abandoned, 'init.sql'), new Date('2020-01-01'), new Date('2020-01-01'));
    const runtime = join(place.DATA_DIR ?? '', 'runtime');
    mkdirSync(runtime);
    writeFileSync(join(runtime, 'init.sql'), 'left behind');
    const system = start({ ...place, TMPDIR: temporary });
    await system.said('open http');
    const secrets: unknown = JSON.parse(readFileSync(join(system.directory, 'secrets.json'), 'utf8'));
    const { root } = secretsSchema.parse(secrets);
    expect(findFilesWith(root, temporary)).toEqual([]);
    const files = findFilesWith(root, system.directory);
    expect(files.toSorted()).toEqual(['database.env', 'secrets.json']);
    for (const file of files) expect(statSync(join(system.directory, file)).mode & 0o777).toBe(0o600);
    expect(findFilesWith('left behind', system.directory)).toEqual([]);
    expect(existsSync(abandoned)).toBe(false);
    expect(system.output()).toContain('removed 1 old copy of the database password');
  });

  test.each(['API_PORT', 'DASHBOARD_PORT'])('names %s when that port is in use', async (variable) => {
    const place = await createPlace();
    const server = createServer().listen(Number(place[variable]), '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const system = start(place);
    expect(await system.exited).toBe(1);
    expect(system.output().trim()).toBe(
      `Cannot start: port ${place[variable]} is in use: stop what listens there, or set ${variable} to another port`,
    );
  });

  test('names DATA_DIR when the data directory cannot be used', async () => {
    const place = await createPlace();
    const file = `${place.DATA_DIR}/file`;
    writeFileSync(file, '');
    const system = start({ ...place, DATA_DIR: file });
    expect(await system.exited).toBe(1);
    expect(system.output()).toContain('set DATA_DIR to another');
    rmSync(place.DATA_DIR ?? '', { recursive: true });
  });

  test('names the variable of a setting that makes no sense', async () => {
    const system = start({ ...(await createPlace()), API_PORT: 'five' });
    expect(await system.exited).toBe(1);
    expect(system.output()).toContain('API_PORT: expected a port number');
  });

  test('says what to install when there is no database server and none can be installed', async () => {
    const place = await createPlace();
    const child = spawn(process.execPath, ['start/main.ts'], {
      cwd: join(import.meta.dirname, '../..'),
      env: { ...place, PATH: '', SYSTEM_DIRECTORIES: '' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    const [code] = await once(child, 'close');
    rmSync(place.DATA_DIR ?? '', { recursive: true });
    expect(code).toBe(1);
    expect(output).toMatch(/mysqld or mariadbd is missing: run "sudo apt-get .*DATABASE_URL/);
  });
});
