import { fileURLToPath } from 'node:url';
import type { Connection, Pool, RowDataPacket } from 'mysql2/promise';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { createAdminConnection } from '../../../storage/admin-connection.ts';
import { change, inSnapshot, selectRows } from '../../../storage/connection.ts';
import { migrateDatabase } from '../../../storage/migrate-database.ts';
import { createPool } from '../../../storage/pool.ts';
import { fromSqlTimestamp } from '../../../storage/sql-values.ts';
import { climate } from '../../../testing/climate.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/create-test-database.ts';
import { fillReadings } from '../../../testing/fill-readings.ts';
import { removeExpired } from '../retention/retention.ts';
import { hourMs, minuteMs } from '../window-plan.ts';
import { buildExtremes } from './build-extremes.ts';
import { type Extremes, mergeExtremes, toExtremes } from './extremes.ts';
import { listDueHours, toDoneStatement } from './extremes-due.ts';
import { foldDeltas } from './fold-deltas.ts';
import { findExtremes, findLists } from './stored-extremes.ts';

const start = Date.parse('2026-03-01T10:00:00.000Z');
/** By then, no hour has changed for a while. */
const muchLater = new Date('2099-01-01T00:00:00.000Z');

let database: TestDatabase;
let admin: Connection;
let writing: Pool;
let reading: Pool;

beforeEach(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  admin = await createAdminConnection(database.adminUrl);
  writing = createPool({ databaseUrl: database.url, connections: 4, isWriting: true });
  reading = createPool({ databaseUrl: database.url, connections: 2 });
});

afterEach(async () => {
  await writing.end();
  await reading.end();
  await admin.end();
  await database.drop();
});

/** Stores and folds readings of one minute, of which several have the same timestamp. */
async function fillMinute(minute: number, count: number): Promise<void> {
  const times = Array.from({ length: count }, (_, index) => start + minute * minuteMs + (index % 60) * 1000);
  await fillReadings(database.url, times);
}

async function listBuckets(table: 'extremes_minute' | 'extremes_hour' | 'extremes_due'): Promise<string[]> {
  const [rows] = await admin.query<RowDataPacket[]>(`SELECT bucket FROM ${table} ORDER BY bucket`);
  return rows.map(({ bucket }) => String(bucket).slice(11, 16));
}

/** Computed from all readings at once. */
async function computeExtremes(fromMs: number, toMs: number): Promise<Extremes> {
  const rows = await selectRows<{ seq: number; timestamp: string; features: string; score: number }>(
    reading,
    {
      sql: 'SELECT seq, timestamp, features, score FROM readings',
    },
  );
  const readings = rows.map(({ seq, timestamp, features, score }) => {
    return { seq, timestamp: fromSqlTimestamp(timestamp), values: JSON.parse(features) as number[], score };
  });
  const isInRange = ({ timestamp }: { timestamp: string }) =>
    Date.parse(timestamp) >= fromMs && Date.parse(timestamp) < toMs;
  return mergeExtremes([toExtremes(readings.filter(isInRange))]);
}

/** The buckets whose lists of temperatures a query can use. */
function listUsable(table: 'extremes_minute' | 'extremes_hour', buckets: readonly string[]) {
  return inSnapshot(reading, async (select) => {
    const query = { type: climate.id, buckets, place: 0, side: 'highest' as const };
    return [...(await findLists(select, table, query)).keys()];
  });
}

const hour = '2026-03-01 10:00:00';
const minutes = ['2026-03-01 10:00:00', '2026-03-01 10:01:00', '2026-03-01 10:02:00'];

describe('buildExtremes', () => {
  test('lists a quiet hour, and its minutes with more than 200 readings', async () => {
    await fillMinute(0, 4500);
    await fillMinute(1, 200);
    await fillMinute(60, 200);
    expect(await listBuckets('extremes_due')).toEqual(['10:00']);
    await buildExtremes(writing, { now: muchLater });
    expect(await listBuckets('extremes_minute')).toEqual(['10:00']);
    expect(await listBuckets('extremes_hour')).toEqual(['10:00']);
    expect(await listBuckets('extremes_due')).toEqual([]);
    const range = { type: climate.id, fromMs: start, toMs: start + hourMs };
    await inSnapshot(reading, async (select) => {
      const hours = await findExtremes(select, 'extremes_hour', range);
      expect(hours.get(hour)).toEqual(await computeExtremes(start, start + hourMs));
      const found = await findExtremes(select, 'extremes_minute', range);
      expect(found.get(hour)).toEqual(await computeExtremes(start, start + minuteMs));
    });
    expect(await listUsable('extremes_hour', [hour])).toEqual([hour]);
    expect(await listUsable('extremes_minute', minutes)).toEqual([hour]);
  });

  test('lists the finished minutes of the current hour, which remains due', async () => {
    for (const minute of [0, 1, 2]) await fillMinute(minute, 201);
    const now = (seconds: number) => new Date(start + seconds * 1000);
    await buildExtremes(writing, { now: now(129) });
    expect(await listBuckets('extremes_minute')).toEqual(['10:00']);
    await buildExtremes(writing, { now: now(130) });
    expect(await listBuckets('extremes_minute')).toEqual(['10:00', '10:01']);
    expect(await listBuckets('extremes_hour')).toEqual([]);
    expect(await listBuckets('extremes_due')).toEqual(['10:00']);
  });

  test('waits until an hour of the past is quiet', async () => {
    await fillMinute(0, 201);
    await buildExtremes(writing, { now: new Date(start + 5 * hourMs) });
    expect(await listBuckets('extremes_minute')).toEqual([]);
    expect(await listBuckets('extremes_due')).toEqual(['10:00']);
  });

  test('lists the minutes and the hour of late readings again', async () => {
    await fillMinute(0, 201);
    await fillMinute(1, 201);
    await buildExtremes(writing, { now: muchLater });
    await fillMinute(1, 1);
    expect(await listUsable('extremes_minute', minutes)).toEqual(minutes.slice(0, 1));
    expect(await listUsable('extremes_hour', [hour])).toEqual([]);
    await buildExtremes(writing, { now: muchLater });
    expect(await listUsable('extremes_minute', minutes)).toEqual(minutes.slice(0, 2));
    expect(await listUsable('extremes_hour', [hour])).toEqual([hour]);
  });

  test('ends after so many readings, and continues in the next run', async () => {
    for (const minute of [0, 1]) await fillMinute(minute, 201);
    const listed = [];
    while ((await listBuckets('extremes_due')).length > 0) {
      await buildExtremes(writing, { now: muchLater, maxReadings: 1 });
      listed.push((await listBuckets('extremes_minute')).length);
    }
    expect(listed).toEqual([1, 2, 2]);
    expect(await listUsable('extremes_hour', [hour])).toEqual([hour]);
  });

  test('does nothing while another process builds', async () => {
    await fillMinute(0, 201);
    await admin.query("DO GET_LOCK(SHA2(CONCAT('extremes ', DATABASE()), 256), 0)");
    await buildExtremes(writing, { now: muchLater });
    expect(await listBuckets('extremes_due')).toEqual(['10:00']);
    await admin.query("DO RELEASE_LOCK(SHA2(CONCAT('extremes ', DATABASE()), 256))");
    await Promise.all([1, 2, 3].map(() => buildExtremes(writing, { now: muchLater })));
    expect(await listUsable('extremes_hour', [hour])).toEqual([hour]);
    expect(await listBuckets('extremes_due')).toEqual([]);
  });

  test('leaves an hour due that changes meanwhile', async () => {
    await fillMinute(0, 201);
    const query = { currentMs: start, quietSinceMs: start, limit: 10 };
    const due = await inSnapshot(reading, (select) => listDueHours(select, query));
    await fillMinute(0, 1);
    for (const one of due) await change(writing, toDoneStatement(one));
    expect(due).toHaveLength(1);
    expect(await listBuckets('extremes_due')).toEqual(['10:00']);
  });

  test('lists the hours of a database that had no lists', async () => {
    await fillMinute(0, 201);
    await fillMinute(60, 200);
    for (const table of ['extremes_due', 'extremes_minute', 'extremes_hour'])
      await admin.query(`DROP TABLE ${table}`);
    await admin.query("DELETE FROM schema_migrations WHERE name = '019-extremes.sql'");
    const directory = fileURLToPath(new URL('../../../../../db/init', import.meta.url));
    const { adminUrl } = database;
    await migrateDatabase({ adminUrl, directory, apiPassword: 'only-for-tests', say: () => undefined });
    expect(await listBuckets('extremes_due')).toEqual(['10:00']);
    await buildExtremes(writing, { now: muchLater });
    expect(await listUsable('extremes_hour', [hour])).toEqual([hour]);
  });

  test('forgets an hour whose readings retention has removed', async () => {
    await fillMinute(0, 201);
    await buildExtremes(writing, { now: muchLater });
    await removeExpired(admin, {
      limits: { RETENTION_RAW: hourMs, RETENTION_MINUTE: undefined, RETENTION_HOUR: undefined },
      now: new Date(start + 2 * hourMs),
      stepRows: 1000,
      pause: async () => undefined,
    });
    await fillMinute(0, 1);
    await foldDeltas(writing);
    expect(await listBuckets('extremes_due')).toEqual(['10:00']);
    await buildExtremes(writing, { now: muchLater });
    for (const table of ['extremes_due', 'extremes_minute', 'extremes_hour'] as const)
      expect(await listBuckets(table)).toEqual([]);
  });
});
