import mysql from 'mysql2/promise';
import { drawReadings } from '../load/readings.ts';

const rowsPerInsert = 1000;
const table = `CREATE TABLE IF NOT EXISTS readings (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, sensor_id VARCHAR(64) NOT NULL, timestamp DATETIME(3) NOT NULL,
  temperature DOUBLE NOT NULL, humidity DOUBLE NOT NULL, sound_volume DOUBLE NOT NULL, prediction INT NOT NULL
) ENGINE = InnoDB`;
const sql =
  'INSERT INTO readings (sensor_id, timestamp, temperature, humidity, sound_volume, prediction) VALUES ?';

/** What a user would write by hand: one connection, INSERTs of 1000 rows into one plain table, no HTTP, no scoring. */
const [databaseUrl = '', seconds] = process.argv.slice(2);
const connection = await mysql.createConnection(databaseUrl);
await connection.query(table);
const readings = drawReadings(rowsPerInsert);

async function insert(): Promise<void> {
  const now = new Date();
  const rows = readings.map((reading) => ['default', now, ...Object.values(reading), 0]);
  await connection.query(sql, [rows]);
}

for (let warmUp = 0; warmUp < 5; warmUp++) await insert();
const begin = performance.now();
let inserted = 0;
for (; performance.now() - begin < Number(seconds) * 1000; inserted += rowsPerInsert) await insert();
const per_second = inserted / ((performance.now() - begin) / 1000);
await connection.end();
console.log(JSON.stringify({ per_second }));
