import { randomUUID } from 'node:crypto';
import mysql from 'mysql2/promise';
import { drawReadings } from '../load/readings.ts';

const rowsPerInsert = 1000;
const table = `CREATE TABLE IF NOT EXISTS readings (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, reading_id CHAR(36) NOT NULL, sensor_id VARCHAR(64) NOT NULL,
  timestamp DATETIME(3) NOT NULL, received_at DATETIME(3) NOT NULL, temperature DOUBLE NOT NULL,
  humidity DOUBLE NOT NULL, sound_volume DOUBLE NOT NULL, prediction INT NOT NULL, score DOUBLE NOT NULL,
  model VARCHAR(64) NOT NULL
) ENGINE = InnoDB`;
const columns = `reading_id, sensor_id, timestamp, received_at, temperature, humidity, sound_volume, prediction, score,
  model`;

/** What a user would write by hand: one connection, INSERTs of 1000 rows into one plain table, no HTTP, no scoring. */
const [databaseUrl = '', seconds] = process.argv.slice(2);
const connection = await mysql.createConnection(databaseUrl);
await connection.query(table);
const readings = drawReadings(rowsPerInsert);

/** The values that the API stores of a reading. */
async function insert(): Promise<void> {
  const now = new Date();
  const rows = readings.map((reading) => [
    ...[randomUUID(), 'default', now, now, ...Object.values(reading)],
    ...[0, Math.random(), 'neural-network-b6c8af23'],
  ]);
  await connection.query(`INSERT INTO readings (${columns}) VALUES ?`, [rows]);
}

for (let warmUp = 0; warmUp < 5; warmUp++) await insert();
const begin = performance.now();
let inserted = 0;
for (; performance.now() - begin < Number(seconds) * 1000; inserted += rowsPerInsert) await insert();
const per_second = inserted / ((performance.now() - begin) / 1000);
await connection.end();
console.log(JSON.stringify({ per_second }));
