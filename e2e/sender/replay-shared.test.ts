import { join } from 'node:path';
import { accuracySchema, type Replay } from '@sensor-sentinel/contracts';
import axios from 'axios';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { waitUntil } from '../testing/wait-until.ts';
import { type Stack, startSender, startStack } from './start-stack.ts';
import { writeReadings } from './write-readings.ts';

const rows = 20_000;
/** The file of the demo. */
const packaged = join(import.meta.dirname, '../../services/sender/data/readings.csv');
const exitedWell = 'exit code 0';

let stack: Stack;
let file = '';

beforeAll(async () => {
  stack = await startStack(inject('databaseAdminUrl'));
  file = join(stack.directory, 'readings.csv');
  writeReadings(file, rows);
  return stack.stop;
});

/** Starts senders of one replay; the sensor has the name of the replay. */
function createRun(replay: string, ...args: string[]) {
  const load = ['--rate', '0', '--concurrency', '4', '--chunk', '250', '--batch', '25'];
  const shared = ['--file', file, '--replay', replay, '--sensor-id', replay, ...load, ...args];
  return (name: string) => startSender({ stack, name, args: shared });
}

function hasDone(replay: string, count: number) {
  return async () => ((await stack.findReplay(replay))?.done_rows ?? 0) >= count;
}

function countRows(replay: Replay | undefined): number {
  return replay?.senders.reduce((total, { rows: own }) => total + own, 0) ?? 0;
}

describe('senders that share a file', () => {
  test('give an empty API its past once, however many of them start', async ({ signal }) => {
    const run = createRun('begin', '--loop', '0', '--rate', '5', '--backfill', '1500');
    const senders = ['one', 'two', 'three'].map(run);
    await waitUntil(hasDone('begin', 3), signal);
    for (const sender of senders) sender.signal('SIGTERM');
    expect(await Promise.all(senders.map(({ exited }) => exited))).toEqual(Array(3).fill(exitedWell));
    const past = await stack.findReplay('begin.backfill');
    expect(past).toMatchObject({ state: 'finished', stored: 1500, done_rows: 1500 });
    const { rows: stored, ids } = await stack.countStored('begin');
    expect(ids).toBe(stored);
    expect(stored).toBe(1500 + ((await stack.findReplay('begin'))?.stored ?? 0));
  });

  test('store every row and label once, though two of four are killed on the way and one comes back', async ({
    signal,
  }) => {
    const run = createRun('shared', '--loop', '1');
    const [one, two, three, four] = [run('one'), run('two'), run('three'), run('four')];
    await waitUntil(hasDone('shared', 0.2 * rows), signal);
    one.signal('SIGKILL');
    await waitUntil(hasDone('shared', 0.3 * rows), signal);
    two.signal('SIGKILL');
    await Promise.all([one.exited, two.exited]);
    const rest = [three, four, run('one')];
    expect(await Promise.all(rest.map(({ exited }) => exited))).toEqual(Array(3).fill(exitedWell));

    expect(await stack.countStored('shared')).toEqual({ rows, ids: rows });
    const found = await stack.findReplay('shared');
    expect(found).toMatchObject({ state: 'finished', total_rows: rows, done_rows: rows, loop: 0 });
    expect(found).toMatchObject({ stored: rows, rejected: 0, bad: 0, dropped: 0 });
    expect(found?.senders.map(({ sender }) => sender).toSorted()).toEqual(['four', 'one', 'three', 'two']);
    expect(countRows(found)).toBe(rows);
    expect(found?.taken_over).toBeGreaterThan(0);
    const { data } = await axios.get<unknown>(`${stack.apiUrl}/accuracy`, {
      params: { sensor_id: 'shared' },
    });
    expect(accuracySchema.parse(data).labeled).toBe(rows);
  });

  test('each send a part of a small file, although one of them could send it before the others start', async () => {
    const args = [
      '--file',
      packaged,
      '--replay',
      'small',
      '--sensor-id',
      'small',
      '--rate',
      '0',
      '--loop',
      '1',
    ];
    const senders = ['one', 'two', 'three', 'four'].map((name) => startSender({ stack, name, args }));
    expect(await Promise.all(senders.map(({ exited }) => exited))).toEqual(Array(4).fill(exitedWell));
    const found = await stack.findReplay('small');
    expect(found).toMatchObject({ state: 'finished', total_rows: 2000, done_rows: 2000, stored: 2000 });
    expect(await stack.countStored('small')).toEqual({ rows: 2000, ids: 2000 });
    const shares = found?.senders.map(({ rows: own }) => own / 2000) ?? [];
    console.info(`shares: ${shares.map((share) => `${(share * 100).toFixed(1)} %`).join(', ')}`);
    expect(shares).toHaveLength(4);
    for (const share of shares) {
      expect(share).toBeGreaterThanOrEqual(0.15);
      expect(share).toBeLessThanOrEqual(0.35);
    }
  });

  test('go on after SIGTERM where they were, without a pause and without sending a row again', async ({
    signal,
  }) => {
    const run = createRun('again', '--loop', '1', '--label', '');
    const first = run('one');
    await waitUntil(hasDone('again', 0.1 * rows), signal);
    first.signal('SIGTERM');
    expect(await first.exited).toBe(exitedWell);
    const left = await stack.findReplay('again');
    expect(left).toMatchObject({ state: 'running', duplicates: 0 });
    expect(await run('one').exited).toBe(exitedWell);
    const found = await stack.findReplay('again');
    expect(found).toMatchObject({ state: 'finished', stored: rows, duplicates: 0, taken_over: 0 });
    expect(await stack.countStored('again')).toEqual({ rows, ids: rows });
  });
});
