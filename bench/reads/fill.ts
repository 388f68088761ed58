import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { Database } from '../system/database.ts';
import { createTemplate, templateRows } from './template.ts';

export interface Filling {
  rows: number;
  sensors: number;
}

/** Whole hours of readings: the rows [from, to), counted in order of time. */
interface Slice {
  from: number;
  to: number;
}

const hourMs = 3_600_000;
const maxSliceRows = 250_000;
const rollupsFile = join(import.meta.dirname, '../../db/init/004-rollups.sql');

/** One sensor reports ten times a second; of a thousand each every ten seconds. */
function toIntervalMs(sensors: number): number {
  return sensors === 1 ? 100 : Math.max(1, Math.round(10_000 / sensors));
}

export function toSensorId(sensor: number): string {
  return `sensor-${String(sensor).padStart(4, '0')}`;
}

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

/** Cut at whole hours, so that no bucket is in two slices. */
function toSlices(rows: number, { firstMs, intervalMs }: { firstMs: number; intervalMs: number }): Slice[] {
  const slices: Slice[] = [];
  const hours = Math.max(1, Math.floor((maxSliceRows * intervalMs) / hourMs));
  let endMs = Math.floor(firstMs / hourMs) * hourMs;
  for (let from = 0; from < rows; from = slices.at(-1)?.to ?? rows) {
    endMs += hours * hourMs;
    slices.push({ from, to: Math.min(rows, Math.ceil((endMs - firstMs) / intervalMs)) });
  }
  return slices;
}

/** The statements by which the migration rolls up the rows that are there before it, narrowed to some rows. */
async function readRollupStatements(): Promise<string[]> {
  const statements = (await readFile(rollupsFile, 'utf8')).split(/;\s*\n/);
  const inserts = statements.filter((statement) => /^INSERT INTO readings_/m.test(statement));
  const narrowed = inserts.map((sql) =>
    sql.replace('FROM readings GROUP BY', 'FROM readings WHERE seq > ? AND seq <= ? GROUP BY'),
  );
  if (narrowed.length === 0 || narrowed.some((sql) => !sql.includes('seq > ?')))
    throw new Error(`${rollupsFile} does not compute rollups as expected`);
  return narrowed;
}

async function connectToFill(database: Database): Promise<Connection> {
  const connection = await database.connect();
  await connection.query(`SET SESSION time_zone = '+00:00', unique_checks = 0, sql_log_bin = 0,
    tmp_table_size = 268435456, max_heap_table_size = 268435456`);
  return connection;
}

/** What adds the secondary keys again that are dropped: sorting them once costs less than keeping them sorted. */
async function dropSecondaryKeys(connection: Connection): Promise<string> {
  const [[table]] = await connection.query<RowDataPacket[]>('SHOW CREATE TABLE readings');
  const keys = [...String(table?.['Create Table']).matchAll(/^ +KEY `(\w+)` (\(.*\))/gm)];
  const toClauses = (toClause: (name: string, columns: string) => string) =>
    `ALTER TABLE readings ${keys.map(([, name = '', columns = '']) => toClause(name, columns)).join(', ')}`;
  await connection.query(toClauses((name) => `DROP KEY ${name}`));
  return toClauses((name, columns) => `ADD KEY ${name} ${columns}`);
}

/** Rows slice by slice; each is rolled up on the other connections while the next is inserted. */
async function insertSlices(database: Database, { rows, sensors }: Filling): Promise<void> {
  const rollups = await readRollupStatements();
  const [inserting, ...rollingUp] = await Promise.all([1, 2, 3].map(() => connectToFill(database)));
  if (!inserting) throw new Error('no connection');
  const intervalMs = toIntervalMs(sensors);
  const firstMs = Date.now() - rows * intervalMs;
  async function rollUp({ from, to }: Slice): Promise<void> {
    const share = async (connection: Connection, index: number) => {
      for (let at = index; at < rollups.length; at += rollingUp.length)
        await connection.query(rollups[at] ?? '', [from, to]);
    };
    await Promise.all(rollingUp.map(share));
  }
  let rolledUp: Promise<void> = Promise.resolve();
  for (const slice of toSlices(rows, { firstMs, intervalMs })) {
    for (let start = slice.from; start < slice.to; start += templateRows) {
      const length = Math.min(templateRows, slice.to - start);
      await inserting.query(insertSql, [sensors, start, firstMs, start, intervalMs, length]);
    }
    await rolledUp;
    rolledUp = rollUp(slice);
    rolledUp.catch(() => undefined); // seen where it is awaited
  }
  await rolledUp;
  await Promise.all([inserting, ...rollingUp].map((connection) => connection.end()));
}

/** Readings up to now, made inside the server, and their rollups; how long that took. */
export async function fill(database: Database, filling: Filling): Promise<{ seconds: number }> {
  const begin = performance.now();
  const connection = await connectToFill(database);
  await createTemplate(connection);
  const addKeys = await dropSecondaryKeys(connection);
  await insertSlices(database, filling);
  await connection.query(addKeys);
  await connection.query('DROP TABLE bench_template');
  await connection.query('ANALYZE TABLE readings, readings_minute, readings_hour');
  await connection.end();
  return { seconds: (performance.now() - begin) / 1000 };
}
