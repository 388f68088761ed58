import mysql, { type RowDataPacket } from 'mysql2/promise';
import type { StoredAnswer } from './oracle.ts';
import { toRequestIndex, unwantedPrefix, unwantedSensor } from './readings.ts';

interface StoredFault {
  kind: string;
  text: string;
  /** The request that sent the reading; undefined if its id does not identify one. */
  index: number | undefined;
}

type Row = RowDataPacket & { id: string; sensor_id: string; copies: number };

const sql = `SELECT MIN(sensor_id) AS sensor_id, COUNT(*) AS copies,
  LOWER(INSERT(INSERT(INSERT(INSERT(HEX(id), 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-')) AS id
  FROM readings GROUP BY readings.id`;

/** Compares the rows of the database with the answers, by the sensor and id of each. */
export async function checkStored(
  uri: string,
  answered: ReadonlyMap<string, StoredAnswer>,
): Promise<StoredFault[]> {
  const connection = await mysql.createConnection(uri);
  const [rows] = await connection.query<Row[]>(sql).finally(() => connection.end());
  const stored = new Map(rows.map((row) => [row.id, row]));
  const missing = [...answered.values()].flatMap(({ id, sensor_id }): StoredFault[] => {
    const row = stored.get(id);
    if (row?.copies === 1 && row.sensor_id === sensor_id) return [];
    const found = row ? `${row.copies} times, of sensor ${JSON.stringify(row.sensor_id)}` : 'nowhere';
    const text = `${id} of ${JSON.stringify(sensor_id)} is stored ${found}`;
    return [{ kind: 'a reading answered 200 is not stored so', text, index: toRequestIndex(id) }];
  });
  const unwanted = rows.filter(
    (row) => row.id.startsWith(unwantedPrefix) || row.sensor_id === unwantedSensor,
  );
  const invalid = unwanted.map(({ id, sensor_id }) => {
    const text = `${id} of ${JSON.stringify(sensor_id)}`;
    return { kind: 'an invalid reading is stored', text, index: toRequestIndex(id) };
  });
  return [...missing, ...invalid];
}
