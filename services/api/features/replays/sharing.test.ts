import {
  type AckRequest,
  type Lease,
  leaseAnswerSchema,
  type ReplayOutcomes,
  replaySchema,
} from '@sensor-sentinel/contracts';
import fc from 'fast-check';
import mysql, { type Pool, type RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { retryTransient } from '../../storage/connection.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { startTestApi, type TestApi } from '../../testing/start-test-api.ts';
import { addOutcomes, countRows, noOutcomes, outcomeNames } from './outcomes.ts';

let database: TestDatabase;
let apis: TestApi[];
let admin: Pool;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  apis = await Promise.all([1, 2].map(() => startTestApi({ databaseUrl: database.url })));
  admin = mysql.createPool({ uri: database.adminUrl, connectionLimit: 2 });
});

afterAll(async () => {
  await Promise.all(apis.map((api) => api.stop()));
  await admin.end();
  await database.drop();
});

/** How many rows a sender does before its next ack, and what it does then. */
interface Step {
  rows: number;
  next: 'go on' | 'repeat' | 'release' | 'die' | 'stall';
}

interface World {
  name: string;
  totalRows: number;
  loops: number;
  /** How often each row was part of an ack that was answered 200. */
  counted: Map<string, number>;
  outcomes: ReplayOutcomes;
}

const kinds = [
  { ...noOutcomes, stored: 1 },
  { ...noOutcomes, stored: 1, duplicates: 1 },
  { ...noOutcomes, rejected: 1 },
  { ...noOutcomes, bad: 1 },
  { ...noOutcomes, dropped: 1 },
];

function toOutcomes(lease: Lease, from: number, to: number): ReplayOutcomes {
  const rows = Array.from({ length: to - from }, (_, index) => lease.first_row + from + index + lease.loop);
  return rows.map((row) => kinds[row % kinds.length] ?? noOutcomes).reduce(addOutcomes, noOutcomes);
}

async function post(api: TestApi, path: string, body: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(`${api.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

function expire(leaseId: string): Promise<unknown> {
  const sql = 'UPDATE replay_chunks SET expires_at = NOW(3) - INTERVAL 1 SECOND WHERE lease_id = UNHEX(?)';
  return retryTransient(() => admin.query(sql, [leaseId.replaceAll('-', '')]));
}

/** @returns whether the ack was counted */
async function sendAck(api: TestApi, world: World, ack: AckRequest): Promise<boolean> {
  const response = await post(api, `/replays/${world.name}/ack`, ack);
  const answer = await response.json();
  expect([200, 409], JSON.stringify(answer)).toContain(response.status);
  return response.status === 200;
}

function count(world: World, lease: Lease, range: { from: number; to: number }): void {
  for (let row = range.from; row < range.to; row++) {
    const key = `${lease.loop}:${lease.first_row + row}`;
    world.counted.set(key, (world.counted.get(key) ?? 0) + 1);
  }
  world.outcomes = addOutcomes(world.outcomes, toOutcomes(lease, range.from, range.to));
}

/** Works on a lease until it is done, lost, released or abandoned. */
async function work(
  api: TestApi,
  world: World,
  { sender, lease, nextStep }: { sender: string; lease: Lease; nextStep: () => Step },
): Promise<void> {
  const available = Math.max(0, Math.min(lease.rows, world.totalRows - lease.first_row));
  for (let done = lease.done_rows; ; ) {
    const { rows, next } = nextStep();
    const from = done;
    done = Math.min(available, done + rows);
    if (next === 'die') return void (await expire(lease.id));
    if (next === 'stall') await expire(lease.id); // another sender may take it over before the ack
    const ack = {
      sender,
      lease_id: lease.id,
      done_rows: done,
      outcomes: toOutcomes(lease, lease.done_rows, done),
      is_released: next === 'release',
      ...(done === available && available < lease.rows && { total_rows: world.totalRows }),
    };
    if (!(await sendAck(api, world, ack))) return;
    count(world, lease, { from, to: done });
    if (next === 'repeat' && done < available) await sendAck(api, world, ack);
    if (next === 'repeat' && done === available) expect(await sendAck(api, world, ack)).toBe(true);
    if (done === available || next === 'release') return;
  }
}

async function replay(
  world: World,
  script: { index: number; rows: number; steps: readonly Step[] },
): Promise<void> {
  const { index, rows, steps } = script;
  const api = apis[index % apis.length];
  if (!api) throw new Error('expected two replicas');
  const request = { sender: `s${index}`, file: { name: 'f', fingerprint: null }, loops: world.loops, rows };
  let step = 0;
  for (;;) {
    const response = await post(api, `/replays/${world.name}/lease`, request);
    const answer = leaseAnswerSchema.parse(await response.json());
    if (answer.state === 'finished') return;
    if (!answer.lease) continue;
    // After its script, every sender works without faults, so that the replay ends.
    const nextStep = (): Step => steps[step++] ?? { rows: 1000, next: 'go on' };
    await work(api, world, { sender: request.sender, lease: answer.lease, nextStep });
  }
}

const step = fc.record<Step>({
  rows: fc.integer({ min: 0, max: 12 }),
  next: fc.constantFrom('go on', 'go on', 'repeat', 'release', 'die', 'stall'),
});
const sender = fc.record({ rows: fc.integer({ min: 1, max: 25 }), steps: fc.array(step, { maxLength: 15 }) });

async function expectAllDone(world: World): Promise<void> {
  const rows = world.totalRows * world.loops;
  expect(world.counted.size).toBe(rows);
  expect([...world.counted].filter(([, times]) => times !== 1)).toEqual([]);
  const response = await fetch(`${apis[0]?.url}/replays/${world.name}`);
  const found = replaySchema.parse(await response.json());
  expect(found).toMatchObject({
    state: 'finished',
    total_rows: world.totalRows,
    done_rows: rows,
    ...world.outcomes,
  });
  for (const name of outcomeNames)
    expect(found.senders.reduce((sum, of) => sum + of[name], 0)).toBe(world.outcomes[name]);
  expect(countRows(found)).toBe(rows);
  const [chunks] = await admin.query<RowDataPacket[]>('SELECT 1 FROM replay_chunks');
  expect(chunks).toEqual([]);
}

describe('senders that share a file, through two replicas', () => {
  test('do every row of every loop once, although senders die, stall, retry and release', async () => {
    const senders = fc.array(sender, { minLength: 2, maxLength: 5 });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 90 }),
        fc.integer({ min: 1, max: 3 }),
        senders,
        async (totalRows, loops, scripts) => {
          const name = `shared-${run++}`;
          const world = { name, totalRows, loops, counted: new Map<string, number>(), outcomes: noOutcomes };
          await Promise.all(scripts.map((script, index) => replay(world, { index, ...script })));
          await expectAllDone(world);
        },
      ),
      { numRuns: 12 },
    );
  });
});
