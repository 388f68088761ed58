import mysql from 'mysql2/promise';
import { drawReadings } from '../load/readings.ts';

const rowsPerInsert = 1000;
const table = `CREATE TABLE IF NOT EXISTS readings (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, timestamp TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  temperature DOUBLE NOT NULL, humidity DOUBLE NOT NULL, sound_volume DOUBLE NOT NULL, prediction INT NOT NULL
) ENGINE = InnoDB`;

/** The limit of mysql2 and the server: INSERTs of 1000 rows into one plain table, without HTTP or scoring. */
async function run({ databaseUrl, seconds }: { databaseUrl: string; seconds: number }): Promise<void> {
  const connection = await mysql.createConnection(databaseUrl);
  await connection.query(table);
  const rows = drawReadings(rowsPerInsert).map((reading) => [...Object.values(reading), 0]);
  const insert = () =>
    connection.query('INSERT INTO readings (temperature, humidity, sound_volume, prediction) VALUES ?', [
      rows,
    ]);
  for (let warmUp = 0; warmUp < 5; warmUp++) await insert();
  const begin = performance.now();
  let inserted = 0;
  for (; performance.now() - begin < seconds * 1000; inserted += rowsPerInsert) await insert();
  const per_second = inserted / ((performance.now() - begin) / 1000);
  await connection.end();
  process.stdout.write(`${JSON.stringify({ per_second })}\n`);
}

await run(JSON.parse(process.argv[2] ?? ''));
