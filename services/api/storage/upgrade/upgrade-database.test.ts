import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { climateType } from '@sensor-sentinel/contracts';
import fc from 'fast-check';
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import { v7 } from 'uuid';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { parseValues } from '../../features/readings/reading-row.ts';
import type { Moments } from '../../features/statistics/rollups/rollup.ts';
import { momentsOf, parseRollup } from '../../features/statistics/rollups/rollup.ts';
import { toFeatureValues } from '../../features/types/sensor-type.ts';
import { climate } from '../../testing/climate.ts';
import { createOldDatabase, type OldDatabase } from '../../testing/create-old-database.ts';
import { createTestDatabase } from '../../testing/create-test-database.ts';
import { migrateDatabase } from '../migrate-database.ts';
import { toSqlId } from '../sql-values.ts';
import { upgradeDatabase } from './upgrade-database.ts';

const { features } = climateType;

const directory = fileURLToPath(new URL('../../../../db/init', import.meta.url));
const baselineSql = readFileSync(`${directory}/016-schema.sql`, 'utf8');
const newFiles = readdirSync(directory)
  .filter((name) => name >= '016' && name.endsWith('.sql'))
  .sort();
const serverUrl = inject('databaseAdminUrl');

type Row = Record<string, unknown>;
type Rows = Record<string, Row[]>;

let drops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const drop of drops) await drop();
  drops = [];
});

interface Opened {
  database: OldDatabase;
  connection: Connection;
}

async function openOldDatabase(options: Parameters<typeof createOldDatabase>[1] = {}): Promise<Opened> {
  const database = await createOldDatabase(serverUrl, options);
  const connection = await database.connect();
  drops.push(async () => {
    connection.destroy();
    await database.drop();
  });
  return { database, connection };
}

async function migrate(adminUrl: string): Promise<string[]> {
  const lines: string[] = [];
  const passwords = { apiPassword: 'only-for-tests', retentionPassword: 'only-for-retention-tests' };
  await migrateDatabase({ adminUrl, directory, ...passwords, say: (line) => lines.push(line) });
  return lines;
}

async function query(connection: Connection, sql: string): Promise<Row[]> {
  const [rows] = await connection.query<RowDataPacket[]>(sql);
  return rows;
}

async function listTables(connection: Connection): Promise<string[]> {
  const rows = await query(connection, 'SHOW TABLES');
  return rows.flatMap((row) => Object.values(row).map(String));
}

/** All rows and definitions, except for the times of the migrations. */
async function readDatabase(connection: Connection): Promise<Rows> {
  const rows: Rows = {};
  for (const table of await listTables(connection)) {
    if (table === 'schema_migrations') continue;
    const stored = await query(connection, `SELECT * FROM ${table}`);
    rows[table] = stored.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    rows[`${table} as created`] = await query(connection, `SHOW CREATE TABLE ${table}`);
  }
  return rows;
}

const features02 = ['temperature', 'humidity', 'sound_volume'];
const bins = Array.from({ length: 20 }, (_, bin) => `bin_${String(bin).padStart(2, '0')}`);
const parts = `count, anomalies, ${features02
  .map((name) => `${name}_mean, ${name}_deviations, ${name}_min, ${name}_max`)
  .join(', ')}, ${bins.join(', ')}`;

/** The rollups of version 0.2 by SQL: shards and pending deltas together. */
function toOldRollupsSql(table: string, format: string): string {
  const sums = [
    'SUM(count) + 0e0 AS count, SUM(anomalies) + 0e0 AS anomalies',
    ...features02.flatMap((name) => {
      const mean = `SUM(${name}_mean * count) / SUM(count)`;
      return [
        `${mean} AS ${name}_mean`,
        `SUM(${name}_deviations) + SUM(count * POW(${name}_mean, 2)) - SUM(count) * POW(${mean}, 2) AS ${name}_deviations`,
        `MIN(${name}_min) AS ${name}_min, MAX(${name}_max) AS ${name}_max`,
      ];
    }),
    ...bins.map((bin) => `SUM(${bin}) + 0e0 AS ${bin}`),
  ];
  const bucket = `DATE_FORMAT(bucket, '${format}') AS bucket`;
  return `SELECT sensor_id, bucket, ${sums.join(', ')} FROM
    (SELECT sensor_id, ${bucket}, ${parts} FROM ${table}
    UNION ALL SELECT sensor_id, ${bucket}, ${parts} FROM rollup_deltas
    UNION ALL SELECT '', ${bucket}, ${parts} FROM rollup_deltas) AS parts
    GROUP BY 1, 2 ORDER BY 1, 2`;
}

const arrivalTimes = 'first_seen, last_seen';

/** What version 0.2 knows, in the form of `newSql`. */
const oldSql = {
  readings: `SELECT seq, HEX(id) AS id, sensor_id, timestamp, received_at, temperature, humidity, sound_volume, prediction,
    score, model FROM readings ORDER BY seq`,
  anomalies: 'SELECT seq, sensor_id, timestamp, score FROM readings WHERE prediction = 1 ORDER BY seq',
  ledger: `SELECT sensor_id, SUM(\`stored\`) + 0e0 AS \`stored\`, SUM(late) + 0e0 AS late, MAX(newest) AS newest FROM
    (SELECT sensor_id, \`stored\`, late, newest FROM ledger_stored
    UNION ALL SELECT sensor_id, count, late, newest FROM rollup_deltas) AS parts GROUP BY 1 ORDER BY 1`,
  lastReadings: `SELECT sensor_id, HEX(id) AS last_id, received_at, prediction,
    (SELECT MIN(received_at) FROM readings AS run WHERE run.sensor_id = newest.sensor_id AND run.seq >
      COALESCE((SELECT MAX(seq) FROM readings AS other
        WHERE other.sensor_id = newest.sensor_id AND other.prediction <> newest.prediction), 0)) AS since
    FROM readings AS newest WHERE seq IN (SELECT MAX(seq) FROM readings GROUP BY sensor_id) ORDER BY 1`,
  arrivals: `SELECT sensor_id, replayed AS duplicates, conflicts, rejected, gaps, ${arrivalTimes}
    FROM ledger_arrivals ORDER BY 1`,
  feedback: `SELECT HEX(id) AS id, sensor_id, timestamp, prediction, label,
    IF(source = 'verdict', 'person', 'label') AS source, decided_at FROM truths ORDER BY 1`,
  feedbackHours: `SELECT sensor_id, bucket, shard, true_negative, false_positive, false_negative, true_positive
    FROM truths_hour ORDER BY 1, 2, 3`,
  replays: `SELECT name, HEX(id) AS id, 5 AS id_scheme, file_name, fingerprint, loops, next_loop, next_row, done_to,
    total_rows, \`stored\`, rejected, bad, dropped, replayed AS duplicates, taken_over, started_at, finished_at
    FROM replays ORDER BY 1`,
  chunks: `SELECT HEX(replay_id) AS replay_id, \`loop\`, first_row, \`rows\`, done_rows, leased_from, HEX(lease_id) AS lease_id,
    sender, expires_at, \`stored\`, rejected, bad, dropped, replayed AS duplicates FROM replay_chunks ORDER BY 1, 2, 3`,
  senders: `SELECT HEX(replay_id) AS replay_id, sender, \`stored\`, rejected, bad, dropped, replayed AS duplicates,
    offered_per_second, accepted_per_second, shed, p50_ms, p99_ms, first_seen, last_seen
    FROM replay_senders ORDER BY 1, 2`,
  endedLeases:
    'SELECT HEX(lease_id) AS lease_id, HEX(replay_id) AS replay_id, ended_at FROM replay_ended_leases ORDER BY 1',
  activations: `SELECT seq, model, previous, configured, activated_at, readings, changed, max_changed
    FROM model_activations ORDER BY seq`,
  horizons: 'SELECT * FROM retention_horizons',
  fence: 'SELECT * FROM commit_fence ORDER BY shard',
  minutes: toOldRollupsSql('readings_minute', '%Y-%m-%d %H:%i:00'),
  hours: toOldRollupsSql('readings_hour', '%Y-%m-%d %H:00:00'),
};

const name = "COALESCE(sensors.name, '') AS sensor_id";
const toRollupsSql = (table: string) =>
  `SELECT ${name}, bucket, rollup FROM ${table} LEFT JOIN sensors ON sensors.id = sensor ORDER BY 1, 2`;

const newSql: Record<keyof typeof oldSql, string> = {
  readings: `SELECT seq, HEX(readings.id) AS id, sensors.name AS sensor_id, timestamp, received_at, readings.features,
    prediction, score, models.name AS model
    FROM readings JOIN sensors ON sensors.id = sensor JOIN models ON models.id = model ORDER BY seq`,
  anomalies: `SELECT seq, ${name}, timestamp, score FROM anomalies JOIN sensors ON sensors.id = sensor ORDER BY seq`,
  ledger: `SELECT ${name}, \`stored\`, late, newest FROM sensor_states JOIN sensors ON sensors.id = sensor ORDER BY 1`,
  lastReadings: `SELECT ${name}, HEX(last_id) AS last_id, received_at, prediction, since
    FROM sensor_states JOIN sensors ON sensors.id = sensor WHERE prediction IS NOT NULL ORDER BY 1`,
  arrivals: `SELECT ${name}, duplicates, conflicts, rejected, gaps, ${arrivalTimes}
    FROM sensor_arrivals LEFT JOIN sensors ON sensors.id = sensor ORDER BY 1`,
  feedback: `SELECT HEX(feedback.id) AS id, sensors.name AS sensor_id, timestamp, prediction, label, source, decided_at
    FROM feedback JOIN sensors ON sensors.id = sensor ORDER BY 1`,
  feedbackHours: `SELECT ${name}, bucket, shard, true_negative, false_positive, false_negative, true_positive
    FROM feedback_hour LEFT JOIN sensors ON sensors.id = sensor ORDER BY 1, 2, 3`,
  replays: oldSql.replays.replace('5 AS id_scheme', 'id_scheme').replace('replayed AS ', ''),
  chunks: oldSql.chunks.replace('replayed AS ', ''),
  senders: oldSql.senders.replace('replayed AS ', ''),
  endedLeases: oldSql.endedLeases,
  activations: oldSql.activations,
  horizons: oldSql.horizons,
  fence: oldSql.fence,
  minutes: toRollupsSql('rollups_minute'),
  hours: toRollupsSql('rollups_hour'),
};

async function readAll(connection: Connection, sql: typeof newSql): Promise<Rows> {
  const rows: Rows = {};
  for (const [subject, statement] of Object.entries(sql)) rows[subject] = await query(connection, statement);
  return rows;
}

function expectSameRollups(found: readonly Row[], old: readonly Row[]): void {
  const toKey = ({ sensor_id, bucket }: Row) => `${sensor_id} ${bucket}`;
  expect(found.map(toKey)).toEqual(old.map(toKey));
  for (const [index, row] of found.entries()) {
    const expected = old[index] ?? {};
    const rollup = parseRollup(String(row.rollup));
    expect([rollup.count, rollup.anomalies, ...rollup.bins]).toEqual([
      expected.count,
      expected.anomalies,
      ...bins.map((bin) => expected[bin]),
    ]);
    for (const [place, feature] of features02.entries())
      expectMoments(momentsOf(rollup, place), feature, expected);
  }
}

function expectMoments({ count, mean, deviations, min, max }: Moments, name: string, expected: Row): void {
  expect([count, min, max]).toEqual([expected.count, expected[`${name}_min`], expected[`${name}_max`]]);
  const largest = Math.max(Math.abs(min), Math.abs(max));
  expect(Math.abs(mean - Number(expected[`${name}_mean`]))).toBeLessThanOrEqual(1e-12 * largest);
  const difference = Math.abs(deviations - Number(expected[`${name}_deviations`]));
  expect(difference).toBeLessThanOrEqual(1e-12 * count * largest ** 2);
}

function readFeatures(text: unknown) {
  return toFeatureValues(climate, parseValues(climate, String(text)));
}

async function expectUpgraded(connection: Connection, old: Rows): Promise<void> {
  const found = await readAll(connection, newSql);
  const { readings = [], minutes = [], hours = [], ...others } = found;
  const { readings: oldReadings, minutes: oldMinutes = [], hours: oldHours = [], ...oldOthers } = old;
  expect(readings.map(({ features: text, ...row }) => ({ ...row, ...readFeatures(text) }))).toEqual(
    oldReadings,
  );
  expect(others).toEqual(oldOthers);
  expectSameRollups(minutes, oldMinutes);
  expectSameRollups(hours, oldHours);
}

/** Statements with a lasting effect of their own, or that end a transaction. */
const lastingPattern = /^(COMMIT|RENAME|CREATE TABLE|DROP|ALTER|REVOKE|-- The tables|REPLACE)/;

/**
 * Upgrades until the first of these moments that is not in `kills`: before or after a lasting statement. Adds it, and closes
 * the connection, as the kill of a process does. Resolves with whether the upgrade has finished.
 */
async function upgradeUntilKilled(
  database: OldDatabase,
  limit: number,
  kills: Set<string>,
): Promise<boolean> {
  const connection = await database.connect();
  const run = connection.query.bind(connection);
  let recorded = '';
  let isKilled = false;
  const killOnce = (moment: string) => {
    if (kills.has(moment)) return;
    kills.add(moment);
    isKilled = true;
    connection.destroy();
    throw new Error('killed');
  };
  connection.query = (async (sql: string, values?: unknown[]) => {
    if (sql.startsWith('REPLACE')) recorded = JSON.stringify(values);
    const statement = `${sql} ${recorded}`;
    if (lastingPattern.test(sql)) killOnce(`before ${statement}`);
    const answer = await run(sql, values);
    if (lastingPattern.test(sql)) killOnce(`after ${statement}`);
    return answer;
  }) as typeof connection.query;
  try {
    await upgradeDatabase(connection, { baselineSql, limit, say: () => undefined });
    return true;
  } catch (error) {
    if (!isKilled) throw error;
    return false;
  } finally {
    connection.destroy();
  }
}

describe('the upgrade of a database of version 0.2', () => {
  test('keeps everything that version 0.2 had', async () => {
    const { database, connection } = await openOldDatabase();
    const old = await readAll(connection, oldSql);
    expect(old.readings?.length).toBeGreaterThan(1000);
    const lines = await migrate(database.adminUrl);
    expect(lines.slice(-1 - newFiles.length)).toEqual([
      expect.stringMatching(/^upgraded in \d+ seconds?: the old tables are removed$/),
      ...newFiles.map((file) => `applied ${file}`),
    ]);
    await expectUpgraded(connection, old);
    expect(await migrate(database.adminUrl)).toEqual([]);
  });

  test('results in the tables and rights of a new database', async () => {
    const { database, connection } = await openOldDatabase();
    await migrate(database.adminUrl);
    const created = await createTestDatabase(serverUrl);
    drops.push(created.drop);
    const other = await mysql.createConnection(created.adminUrl);
    const tables = await listTables(other);
    expect(await listTables(connection)).toEqual(tables);
    for (const table of tables) {
      const [upgraded] = await query(connection, `SHOW CREATE TABLE ${table}`);
      const [expected] = await query(other, `SHOW CREATE TABLE ${table}`);
      const withoutNumbers = (row: Row | undefined) =>
        String(row?.['Create Table']).replace(/ AUTO_INCREMENT=\d+/, '');
      expect(withoutNumbers(upgraded)).toBe(withoutNumbers(expected));
    }
    const rights = `SELECT grantee, table_name, privilege_type FROM information_schema.table_privileges
      WHERE table_schema = DATABASE() UNION ALL
      SELECT grantee, CONCAT(table_name, '.', column_name), privilege_type FROM information_schema.column_privileges
      WHERE table_schema = DATABASE() ORDER BY 1, 2, 3`;
    expect(await query(connection, rights)).toEqual(await query(other, rights));
    await other.end();
  });

  test('keeps a sensor without readings, and continues the numbering of readings', async () => {
    const { database, connection } = await openOldDatabase();
    const [old] = await query(connection, "SHOW TABLE STATUS LIKE 'readings'");
    await migrate(database.adminUrl);
    const [state] = await query(
      connection,
      `SELECT \`stored\`, late, HEX(last_id) AS last_id, prediction FROM sensor_states JOIN sensors ON id = sensor
        WHERE name = 'gone'`,
    );
    expect(state).toEqual({ stored: 51, late: 0, last_id: '0'.repeat(32), prediction: null });
    const [upgraded] = await query(connection, "SHOW TABLE STATUS LIKE 'readings'");
    expect(upgraded?.Auto_increment).toBe(old?.Auto_increment);
  });

  test('has the same result wherever it is interrupted', async () => {
    const limit = 300;
    const [whole, broken] = [await openOldDatabase(), await openOldDatabase()];
    const old = await readAll(broken.connection, oldSql);
    await upgradeDatabase(whole.connection, { baselineSql, limit, say: () => undefined });
    const kills = new Set<string>();
    while (!(await upgradeUntilKilled(broken.database, limit, kills)));
    expect(kills.size).toBeGreaterThan(100);
    await expectUpgraded(broken.connection, old);
    expect(await readDatabase(broken.connection)).toEqual(await readDatabase(whole.connection));
  }, 180_000);

  test('lets neither version of the API write before it has finished', async () => {
    const { database, connection } = await openOldDatabase();
    await connection.query("ALTER USER 'sentinel_api'@'%' IDENTIFIED BY 'only-for-tests' ACCOUNT UNLOCK");
    const kills = new Set<string>();
    const url = new URL(database.adminUrl);
    [url.username, url.password] = ['sentinel_api', 'only-for-tests'];
    const api = await mysql.createConnection(url.href);
    const isCopying = () => [...kills].some((kill) => kill.startsWith('after COMMIT ["readings"'));
    while (!isCopying()) await upgradeUntilKilled(database, 300, kills);
    for (const table of ['readings', 'readings_minute', 'ledger_stored', 'truths'])
      await expect(api.query(`SELECT 1 FROM ${table}`)).rejects.toMatchObject({ code: 'ER_NO_SUCH_TABLE' });
    for (const table of ['new_readings', 'sensors', 'rollups_minute', 'sensor_states', 'feedback'])
      await expect(api.query(`SELECT 1 FROM ${table}`)).rejects.toMatchObject({
        code: 'ER_TABLEACCESS_DENIED_ERROR',
      });
    await api.end();
    await migrate(database.adminUrl);
  });

  test('upgrades a database that lacks the last migrations of version 0.2', async () => {
    const { database, connection } = await openOldDatabase({ lastMigration: '012-truth-deletion.sql' });
    const old = await readAll(connection, oldSql);
    const lines = await migrate(database.adminUrl);
    expect(lines).toContain('applied 013-readings-arrival.sql');
    await expectUpgraded(connection, old);
  });

  test('upgrades a database without rows', async () => {
    const { database, connection } = await openOldDatabase({ hasRows: false });
    await migrate(database.adminUrl);
    expect(await query(connection, 'SELECT COUNT(*) AS readings FROM readings')).toEqual([{ readings: 0 }]);
    expect(await query(connection, 'SELECT name FROM retention_horizons')).toEqual([{ name: 'all' }]);
  });

  test('copies every value bit for bit', async () => {
    const { database, connection } = await openOldDatabase({ hasRows: false });
    const [temperature, humidity, soundVolume] = features.map((feature) => {
      const { min, max } = { min: feature.min ?? -1e6, max: feature.max ?? 1e6 };
      const range = { min, max, noNaN: true };
      const widened = fc.float({ min: Math.fround(min + 1), max: Math.fround(max - 1), noNaN: true });
      return fc.oneof(fc.double(range), widened, fc.integer({ min: Math.ceil(min), max }));
    });
    if (!temperature || !humidity || !soundVolume) throw new Error('there are three features');
    const values = [
      ...fc.sample(fc.tuple(temperature, humidity, soundVolume), { numRuns: 3000, seed: 1 }),
      ...[5e-324, 2.2250738585072014e-308, 0.1 + 0.2, 1 / 3, 99.99999999999999, 1e-7, 1e21 / 1e20].map(
        (value) => [value, value, value] as const,
      ),
      [-273.15, 0, 200] as const,
      [1000, 100, 199.99999999999997] as const,
    ];
    const rows = values.map((row, index) => [
      toSqlId(v7({ msecs: index })),
      's',
      '2026-11-22 15:00:00.000',
      '2026-11-22 15:00:00.000',
      ...row,
      0,
      0.5,
      'm',
    ]);
    await connection.query(
      `INSERT INTO readings (id, sensor_id, timestamp, received_at, temperature, humidity, sound_volume, prediction, score,
        model) VALUES ?`,
      [rows],
    );
    const stored = await query(
      connection,
      'SELECT temperature, humidity, sound_volume FROM readings ORDER BY seq',
    );
    await migrate(database.adminUrl);
    const copied = await query(connection, 'SELECT features FROM readings ORDER BY seq');
    const found = copied.map(({ features: text }) => readFeatures(text));
    for (const [index, row] of found.entries()) expect(row).toStrictEqual(stored[index]);
    expect(found).toHaveLength(values.length);
  });
});
