import { drawLabelledReadings } from '@sensor-sentinel/model/training';
import mysql, { type Connection } from 'mysql2/promise';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';

/** The limit of mysql2 and the server: readings and what they add to the rollups in commits of 1000 rows, without HTTP or scoring. */
const taskSchema = z.object({ databaseUrl: z.string(), seconds: z.number().positive() });

const rowsPerCommit = 1000;
const names = ['temperature', 'humidity', 'sound_volume'] as const;

const insertSql = `INSERT INTO readings
  (id, sensor_id, timestamp, received_at, temperature, humidity, sound_volume, prediction, score, model) VALUES ?`;

const featureColumns = names.flatMap((name) => [
  `${name}_mean`,
  `${name}_deviations`,
  `${name}_min`,
  `${name}_max`,
]);
const deltaSql = `INSERT INTO rollup_deltas
  (sensor_id, bucket, count, anomalies, ${featureColumns.join(', ')}, bin_00, late, newest) VALUES ?`;

const { features } = drawLabelledReadings({ rows: rowsPerCommit, seed: 4 });

function column(index: number): number[] {
  return Array.from(
    { length: rowsPerCommit },
    (_, row) => features.values[row * features.columns + index] ?? 0,
  );
}

function rollUpFeature(index: number): number[] {
  const values = column(index);
  const mean = values.reduce((sum, value) => sum + value, 0) / rowsPerCommit;
  const deviations = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return [mean, deviations, Math.min(...values), Math.max(...values)];
}

function toReadingRows(timestamp: string): unknown[][] {
  const [temperatures, humidities, volumes] = [column(0), column(1), column(2)];
  return temperatures.map((temperature, row) => {
    const id = Buffer.from(uuidv7(undefined, new Uint8Array(16)));
    const values = [temperature, humidities[row], volumes[row]];
    return [id, 'default', timestamp, timestamp, ...values, 0, 0.031, 'raw'];
  });
}

function toDeltaRow(timestamp: string): unknown[] {
  const values = [0, 1, 2].flatMap(rollUpFeature);
  return [
    'default',
    `${timestamp.slice(0, 16)}:00`,
    rowsPerCommit,
    0,
    ...values,
    rowsPerCommit,
    0,
    timestamp,
  ];
}

async function commitRows(connection: Connection): Promise<void> {
  const timestamp = new Date().toISOString().slice(0, 23).replace('T', ' ');
  await connection.beginTransaction();
  await connection.query(insertSql, [toReadingRows(timestamp)]);
  await connection.query(deltaSql, [[toDeltaRow(timestamp)]]);
  await connection.commit();
}

async function run({ databaseUrl, seconds }: z.infer<typeof taskSchema>): Promise<void> {
  const connection = await mysql.createConnection(databaseUrl);
  for (let commits = 0; commits < 5; commits++) await commitRows(connection);
  const begin = performance.now();
  let rows = 0;
  while (performance.now() - begin < seconds * 1000) {
    await commitRows(connection);
    rows += rowsPerCommit;
  }
  const elapsed = (performance.now() - begin) / 1000;
  await connection.end();
  process.stdout.write(`${JSON.stringify({ per_second: rows / elapsed })}\n`);
}

await run(taskSchema.parse(JSON.parse(process.argv[2] ?? '')));
