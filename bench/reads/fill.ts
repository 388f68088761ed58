import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadArtifact } from '@sensor-sentinel/model';
import { drawLabeledReadings } from '@sensor-sentinel/model/training';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { type Database, root } from '../database.ts';
import { modelFile } from '../servers.ts';

export interface Filling {
  rows: number;
  sensors: number;
}

const hourMs = 3_600_000;
const maxSliceRows = 250_000;
const templateRows = 20_000;
const rowsPerTemplateInsert = 5000;
const rowsPerAnomaly = 20;
const rollupsFile = join(root, 'db/init/004-rollups.sql');

/** One sensor reports ten times a second; of a thousand each every ten seconds. */
function toIntervalMs(sensors: number): number {
  return sensors === 1 ? 100 : Math.max(1, Math.round(10_000 / sensors));
}

export function toSensorId(sensor: number): string {
  return `sensor-${String(sensor).padStart(4, '0')}`;
}

const templateSql = `CREATE TABLE bench_template (
  n INT NOT NULL PRIMARY KEY, temperature DOUBLE NOT NULL, humidity DOUBLE NOT NULL,
  sound_volume DOUBLE NOT NULL, prediction TINYINT NOT NULL, score DOUBLE NOT NULL) ENGINE = InnoDB`;

/** Ids are in order of time, like those that the API makes (UUIDv7). */
const insertSql = `INSERT INTO readings
  (seq, id, sensor_id, timestamp, received_at, temperature, humidity, sound_volume, prediction, score, model)
  SELECT place + 1, UNHEX(CONCAT(LPAD(HEX(ms), 12, '0'), '70008', LPAD(HEX(place), 15, '0'))),
    CONCAT('sensor-', LPAD(MOD(place, ?), 4, '0')),
    TIMESTAMPADD(MICROSECOND, ms * 1000, '1970-01-01 00:00:00.000'),
    TIMESTAMPADD(MICROSECOND, ms * 1000, '1970-01-01 00:00:00.000'),
    temperature, humidity, sound_volume, prediction, score, 'neural-network-bench'
  FROM (SELECT ? + n AS place, ? + (? + n) * ? AS ms, temperature, humidity, sound_volume, prediction, score
    FROM bench_template WHERE n < ? ORDER BY n) AS made`;

/** Scored readings, one in twenty an anomaly, that the server repeats. */
async function createTemplate(connection: Connection): Promise<void> {
  const { pipeline } = await loadArtifact(modelFile);
  const { features } = drawLabeledReadings({ rows: templateRows * 2, seed: 4 });
  const scored: [number[][], number[][]] = [[], []];
  for (let row = 0; row < features.rows; row++) {
    const values = features.values.subarray(row * features.columns, (row + 1) * features.columns);
    const score = pipeline.score(values);
    const prediction = pipeline.toPrediction(score);
    scored[prediction].push([...values, prediction, score]);
  }
  const rows = Array.from({ length: templateRows }, (_, n) => {
    const drawn = scored[n % rowsPerAnomaly === 0 ? 1 : 0];
    return [n, ...(drawn[n % drawn.length] ?? [])];
  });
  await connection.query(templateSql);
  for (let start = 0; start < rows.length; start += rowsPerTemplateInsert) {
    const part = rows.slice(start, start + rowsPerTemplateInsert);
    await connection.query('INSERT INTO bench_template VALUES ?', [part]);
  }
}

/** The statements by which the migration rolls up existing rows, narrowed to some of them. */
async function readRollupStatements(): Promise<string[]> {
  const statements = (await readFile(rollupsFile, 'utf8')).split(/;\s*\n/);
  const narrowed = statements
    .filter((statement) => /^INSERT INTO readings_/m.test(statement))
    .map((sql) => sql.replace('FROM readings GROUP BY', 'FROM readings WHERE seq > ? AND seq <= ? GROUP BY'));
  if (narrowed.length === 0 || narrowed.some((sql) => !sql.includes('seq > ?')))
    throw new Error(`${rollupsFile} does not compute rollups as expected`);
  return narrowed;
}

/** Drops the secondary keys, which are cheaper to build at the end; returns what adds them again. */
async function dropSecondaryKeys(connection: Connection): Promise<string> {
  const [[table]] = await connection.query<RowDataPacket[]>('SHOW CREATE TABLE readings');
  const keys = [...String(table?.['Create Table']).matchAll(/^ +KEY `(\w+)` (\(.*\))/gm)];
  await connection.query(`ALTER TABLE readings ${keys.map(([, name]) => `DROP KEY ${name}`).join(', ')}`);
  return `ALTER TABLE readings ${keys.map(([, name, columns]) => `ADD KEY ${name} ${columns}`).join(', ')}`;
}

/** Inserts rows and rolls them up, some whole hours at a time, so that no bucket is rolled up twice. */
async function insertRows(connection: Connection, { rows, sensors }: Filling): Promise<void> {
  const rollups = await readRollupStatements();
  const intervalMs = toIntervalMs(sensors);
  const firstMs = Date.now() - rows * intervalMs;
  const sliceMs = Math.max(1, Math.floor((maxSliceRows * intervalMs) / hourMs)) * hourMs;
  let endMs = Math.floor(firstMs / hourMs) * hourMs;
  for (let from = 0, to = 0; from < rows; from = to) {
    endMs += sliceMs;
    to = Math.min(rows, Math.ceil((endMs - firstMs) / intervalMs));
    for (let start = from; start < to; start += templateRows) {
      const length = Math.min(templateRows, to - start);
      await connection.query(insertSql, [sensors, start, firstMs, start, intervalMs, length]);
    }
    for (const sql of rollups) await connection.query(sql, [from, to]);
  }
}

/** Fills a database with readings up to now, made inside the server, and their rollups; resolves with the seconds. */
export async function fill(database: Database, filling: Filling): Promise<number> {
  const begin = performance.now();
  const connection = await database.connect();
  await connection.query(`SET SESSION time_zone = '+00:00', unique_checks = 0, sql_log_bin = 0,
    tmp_table_size = 268435456, max_heap_table_size = 268435456`);
  await createTemplate(connection);
  const addKeys = await dropSecondaryKeys(connection);
  await insertRows(connection, filling);
  await connection.query(addKeys);
  await connection.query('DROP TABLE bench_template');
  await connection.query('ANALYZE TABLE readings, readings_minute, readings_hour');
  await connection.end();
  return (performance.now() - begin) / 1000;
}
