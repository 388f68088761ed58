import { drawLabelledReadings } from '@sensor-sentinel/model/training';
import mysql, { type Connection } from 'mysql2/promise';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';

/** The limit of mysql2 and the server: readings and their rollups in commits of 1000 rows, without HTTP or scoring. */
const taskSchema = z.object({ databaseUrl: z.string(), seconds: z.number().positive() });

const rowsPerCommit = 1000;
const bins = 20;
const names = ['temperature', 'humidity', 'sound_volume'] as const;

const insertSql = `INSERT INTO readings
  (id, sensor_id, timestamp, received_at, temperature, humidity, sound_volume, prediction, score, model) VALUES ?`;

const binColumns = Array.from({ length: bins }, (_, bin) => `bin_${String(bin).padStart(2, '0')}`);

function toRollupSql(table: string): string {
  const merged = names.flatMap((name) => {
    const delta = `(VALUES(${name}_mean) - ${name}_mean)`;
    const share = 'VALUES(count) / (count + VALUES(count))';
    return [
      `${name}_deviations = ${name}_deviations + VALUES(${name}_deviations) + ${delta} * ${delta} * count * ${share}`,
      `${name}_mean = ${name}_mean + ${delta} * ${share}`,
      `${name}_min = LEAST(${name}_min, VALUES(${name}_min))`,
      `${name}_max = GREATEST(${name}_max, VALUES(${name}_max))`,
    ];
  });
  const added = ['anomalies', ...binColumns, 'count'].map(
    (column) => `${column} = ${column} + VALUES(${column})`,
  );
  const features = names.flatMap((name) => [
    `${name}_mean`,
    `${name}_deviations`,
    `${name}_min`,
    `${name}_max`,
  ]);
  const columns = ['sensor_id', 'bucket', 'shard', 'count', 'anomalies', ...features, ...binColumns];
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES ? ON DUPLICATE KEY UPDATE ${[...merged, ...added].join(', ')}`;
}

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

function toRollupRows(bucket: string): unknown[][] {
  const counts = [rowsPerCommit, ...Array<number>(bins - 1).fill(0)];
  const values = [rowsPerCommit, 0, ...[0, 1, 2].flatMap(rollUpFeature), ...counts];
  return ['', 'default'].map((sensor) => [sensor, bucket, 0, ...values]);
}

const minuteSql = toRollupSql('readings_minute');
const hourSql = toRollupSql('readings_hour');

async function commitRows(connection: Connection): Promise<void> {
  const timestamp = new Date().toISOString().slice(0, 23).replace('T', ' ');
  await connection.beginTransaction();
  await connection.query(insertSql, [toReadingRows(timestamp)]);
  await connection.query(minuteSql, [toRollupRows(`${timestamp.slice(0, 16)}:00`)]);
  await connection.query(hourSql, [toRollupRows(`${timestamp.slice(0, 13)}:00:00`)]);
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
