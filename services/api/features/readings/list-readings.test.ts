import { randomUUID } from 'node:crypto';
import {
  climateType,
  type ReadingsPage,
  readingsPageSchema,
  toExportColumns,
} from '@sensor-sentinel/contracts';
import mysql, { type Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Position } from '../../storage/cursor.ts';
import { createPool } from '../../storage/pool.ts';
import { selectWithin } from '../../storage/time-limit.ts';
import { type ArrivedReading, climate, storeReadings } from '../../testing/climate.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { createReadingsView } from '../../testing/readings-view.ts';
import { startTestApi, type TestApi } from '../../testing/start-test-api.ts';
import { foldDeltas } from '../statistics/rollups/fold-deltas.ts';
import { findSelectedSensors } from './reading-filters.ts';
import { sortReadings, toPosition } from './select-readings.ts';
import { scanZones } from './zone-scan.ts';

const count = 12_500;
const header = toExportColumns(climateType).join(',');
let database: TestDatabase;
let admin: Connection;
let api: TestApi;

/** More readings than `countLimit`, with many equal values, of a frequent and a rare sensor. */
async function fill(): Promise<void> {
  const pool = createPool({ databaseUrl: database.url, connections: 1, isWriting: true });
  const rows = Array.from({ length: count }, (_, index): ArrivedReading => {
    const timestamp = new Date(Date.UTC(2026, 2, 1) + Math.floor(index / 5) * 1000).toISOString();
    const values = {
      temperature: 20 + (index % 7),
      humidity: 45 + (index % 3),
      sound_volume: 40 + (index % 11),
    };
    const result = { prediction: index % 4 === 0 ? (1 as const) : (0 as const), score: (index % 13) / 13 };
    const sensor_id = index % 500 === 0 ? '=rare' : 'common';
    const reading = { id: randomUUID(), sensor_id, timestamp, ...values, ...result, model: 'm-1' };
    return { reading, receivedAt: '2026-03-01T00:00:00.000Z' };
  });
  for (let start = 0; start < count; start += 1000)
    await storeReadings(pool, rows.slice(start, start + 1000));
  await foldDeltas(pool);
  await pool.end();
}

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  admin = await mysql.createConnection(database.adminUrl);
  await createReadingsView(admin);
  await fill();
  api = await startTestApi({ databaseUrl: database.url });
});

afterAll(async () => {
  await api.stop();
  await admin.end();
  await database.drop();
});

async function getPage(query: string): Promise<ReadingsPage> {
  const answer = await api.get(`/readings?${query}`);
  expect(answer.status).toBe(200);
  return readingsPageSchema.parse(await answer.json());
}

async function walk(query: string): Promise<ReadingsPage['readings']> {
  const readings: ReadingsPage['readings'] = [];
  for (let cursor = ''; ; ) {
    const page = await getPage(`${query}&limit=500${cursor}`);
    readings.push(...page.readings);
    if (page.next_cursor === null) return readings;
    cursor = `&cursor=${page.next_cursor}`;
  }
}

/** The expected ids, by plain SQL. */
async function listIds(where: string, order: string): Promise<string[]> {
  const [rows] = await admin.query(
    `SELECT LOWER(HEX(id)) AS id FROM named_readings WHERE ${where} ORDER BY ${order}`,
  );
  return (rows as { id: string }[]).map(({ id }) => id); // the column above
}

describe('GET /readings on many rows', () => {
  test.each([
    ['sort=temperature&order=desc', 'TRUE', 'temperature DESC, timestamp DESC, seq DESC'],
    ['sort=score&order=asc', 'TRUE', 'score, timestamp, seq'],
    ['sort=prediction&order=desc', 'TRUE', 'prediction DESC, timestamp DESC, seq DESC'],
    ['sort=prediction&order=asc&sensor_id=common', "sensor_id = 'common'", 'prediction, timestamp, seq'],
    ['sort=timestamp&order=asc&prediction=1', 'prediction = 1', 'timestamp, seq'],
    ['sort=humidity&order=asc&sensor_id=common', "sensor_id = 'common'", 'humidity, timestamp, seq'],
    ['sort=humidity&order=asc&sensor_id=%3Drare', "sensor_id = '=rare'", 'humidity, timestamp, seq'],
    ['sensor_id=%3Drare&sensor_id=common', 'TRUE', 'timestamp DESC, seq DESC'],
    [
      'sort=prediction&sensor_id=%3Drare&sensor_id=none',
      "sensor_id = '=rare'",
      'prediction DESC, timestamp DESC, seq DESC',
    ],
    [
      'sort=sound_volume&temperature_min=21&temperature_max=25',
      'temperature BETWEEN 21 AND 25',
      'sound_volume DESC, timestamp DESC, seq DESC',
    ],
    [
      'temperature_min=22&score_min=0.9&humidity_max=45',
      'temperature >= 22 AND score >= 0.9 AND humidity <= 45',
      'timestamp DESC, seq DESC',
    ],
    [
      'sort=score&from=2026-03-01T00:10:00Z&to=2026-03-01T00:20:00Z',
      "timestamp >= '2026-03-01 00:10:00' AND timestamp < '2026-03-01 00:20:00'",
      'score DESC, timestamp DESC, seq DESC',
    ],
    [
      'sort=temperature&temperature_max=22',
      'temperature <= 22',
      'temperature DESC, timestamp DESC, seq DESC',
    ],
    ['temperature_min=500', 'FALSE', 'seq'],
  ])('%s equals the result of plain SQL, page by page', async (query, where, order) => {
    const ids = (await walk(query)).map(({ id }) => id.replaceAll('-', ''));
    expect(ids).toEqual(await listIds(where, order));
  });

  test('counts exactly up to total_limit', async () => {
    expect(await getPage('')).toMatchObject({ total: 10_000, total_limit: 10_000 });
    expect(await getPage('sensor_id=%3Drare')).toMatchObject({ total: 25, total_limit: 10_000 });
    expect(await getPage('sensor_id=%3Drare&temperature_min=24')).toMatchObject({
      total: (await listIds("sensor_id = '=rare' AND temperature >= 24", 'seq')).length,
    });
    expect(await getPage('prediction=1&humidity_min=46')).toMatchObject({
      total: (await listIds('prediction = 1 AND humidity >= 46', 'seq')).length,
    });
  });

  test.each<{ sort: 'temperature' | 'score'; order: 'asc' | 'desc'; prediction?: 0 | 1 }>([
    { sort: 'temperature', order: 'desc' },
    { sort: 'score', order: 'asc' },
    { sort: 'temperature', order: 'asc', prediction: 1 },
    { sort: 'score', order: 'desc', prediction: 0 },
  ])('finds the same pages by zones as by sorting everything: %j', async (sorting) => {
    const pool = createPool({ databaseUrl: database.url, connections: 2 });
    const selection = await findSelectedSensors(pool, climate, {
      ...sorting,
      ranges: [],
      sensor_id: ['common', '=rare'],
    });
    let after: Position | undefined;
    for (let page = 0; page < 3; page++) {
      const options = { after, limit: 40, limitMs: 6000 };
      const sorted = await sortReadings(pool, selection, options);
      expect(await scanZones(pool, selection, options)).toEqual(sorted);
      const last = sorted.at(-1);
      after = last && toPosition(last, selection);
    }
    await pool.end();
  });

  test('stops a statement that exceeds its time limit', async () => {
    const pool = createPool({ databaseUrl: database.url, connections: 1 });
    const sql = 'COUNT(*) AS n FROM readings AS a, readings AS b WHERE a.score + b.score = 0.5';
    await expect(selectWithin(pool, { sql }, 50)).rejects.toMatchObject({ code: 'question_too_slow' });
    await pool.end();
  });

  test.each([
    ['sensor_id=', 'sensor_id='.repeat(1)],
    ['21 sensors', Array.from({ length: 21 }, (_, n) => `sensor_id=s${n}`).join('&')],
  ])('rejects %s', async (_, query) => {
    expect((await api.get(`/readings?${query}`)).status).toBe(400);
  });
});

describe('GET /readings as text/csv', () => {
  function getCsv(query: string, signal?: AbortSignal): Promise<Response> {
    return fetch(`${api.url}/readings?${query}`, {
      headers: { accept: 'text/csv' },
      ...(signal && { signal }),
    });
  }

  test('has a header and every matching row, in order', async () => {
    const answer = await getCsv('sort=temperature&order=asc&prediction=0');
    expect(answer.headers.get('content-type')).toContain('text/csv');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="readings.csv"');
    expect(answer.headers.get('vary')).toContain('Accept');
    const lines = (await answer.text()).split('\r\n');
    expect(lines.shift()).toBe(header);
    expect(lines.pop()).toBe('');
    const ids = lines.map((line) => line.split(',')[0]?.replaceAll('-', ''));
    expect(ids).toEqual(await listIds('prediction = 0', 'temperature, timestamp, seq'));
  });

  test('can be requested by a link', async () => {
    const query = 'sensor_id=%3Drare&sort=score';
    const linked = await api.get(`/readings?${query}&format=csv`);
    expect(linked.headers.get('content-type')).toMatch(/^text\/csv/);
    expect(await linked.text()).toBe(await (await getCsv(query)).text());
    const page = await getCsv('format=json&limit=1');
    expect(readingsPageSchema.parse(await page.json()).readings).toHaveLength(1);
    expect((await api.get('/readings?format=xml')).status).toBe(400);
    expect((await api.get('/readings?format=csv&limit=1')).status).toBe(400);
  });

  test.each(['', '&sort=score', '&temperature_min=500', '&format=csv'])(
    'begins with a byte order mark for Excel, with %j',
    async (more) => {
      const bytes = async (query: string) => Buffer.from(await (await getCsv(query)).arrayBuffer());
      const query = `sensor_id=%3Drare${more}`;
      const mark = Buffer.from([0xef, 0xbb, 0xbf]);
      expect(await bytes(`${query}&excel=true`)).toEqual(Buffer.concat([mark, await bytes(query)]));
      expect(await bytes(`${query}&excel=false`)).toEqual(await bytes(query));
    },
  );

  test('is the only format with the parameter excel', async () => {
    expect((await getCsv('excel=yes')).status).toBe(400);
    expect((await getCsv('excel=true&excel=true')).status).toBe(400);
    const answer = await api.get('/readings?excel=true');
    expect([answer.status, await answer.json()]).toMatchObject([400, { detail: 'excel: unknown field' }]);
  });

  test('neutralizes formulas in sensor names', async () => {
    const text = await (await getCsv('sensor_id=%3Drare')).text();
    expect(text.match(/,'=rare,/g)).toHaveLength(25);
    expect(text).not.toContain(',=rare');
  });

  test('is only a header if nothing matches, and a problem if the query is invalid', async () => {
    expect(await (await getCsv('temperature_min=500')).text()).toBe(`${header}\r\n`);
    for (const query of ['limit=5', 'cursor=x', 'sort=id']) expect((await getCsv(query)).status).toBe(400);
  });

  test('is rejected beyond MAX_EXPORTS, and accepted again after the clients disconnect', async () => {
    const abort = new AbortController();
    const open = await Promise.all(Array.from({ length: 8 }, () => getCsv('', abort.signal)));
    const refused = open.filter(({ status }) => status === 503);
    expect(refused.every(({ headers }) => headers.has('retry-after'))).toBe(true);
    expect(open.filter(({ status }) => status === 200).length + refused.length).toBe(8);
    abort.abort();
    let next = await getCsv('sensor_id=%3Drare');
    while (next.status === 503) next = await getCsv('sensor_id=%3Drare');
    expect((await next.text()).split('\r\n')).toHaveLength(27);
  });
});
