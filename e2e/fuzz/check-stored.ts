import mysql, { type RowDataPacket } from 'mysql2/promise';
import type { StoredAnswer } from './oracle.ts';
import { toRequestIndex, unwantedIdPrefix, unwantedSensor } from './readings.ts';

interface StoredFault {
  kind: string;
  text: string;
  /** The request that sent the reading, where its id tells. */
  index: number | undefined;
}

type Row = RowDataPacket & { hex: string; sensor_id: string; copies: number };

const toHex = (id: string) => id.replaceAll('-', '');
const toId = (hex: string) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** Compares the rows of the database with what was answered, by the sensor and id of each. */
export async function checkStored(
  uri: string,
  answered: ReadonlyMap<string, StoredAnswer>,
): Promise<StoredFault[]> {
  const connection = await mysql.createConnection(uri);
  try {
    const sql =
      'SELECT LOWER(HEX(id)) AS hex, MIN(sensor_id) AS sensor_id, COUNT(*) AS copies FROM readings GROUP BY id';
    const [rows] = await connection.query<Row[]>(sql);
    const stored = new Map(rows.map((row) => [row.hex, row]));
    const missing = [...answered.values()].flatMap(({ id, sensor_id }): StoredFault[] => {
      const row = stored.get(toHex(id));
      if (row !== undefined && row.copies === 1 && row.sensor_id === sensor_id) return [];
      const found = row ? `${row.copies} times, of sensor ${JSON.stringify(row.sensor_id)}` : 'nowhere';
      return [
        {
          kind: 'a reading answered 200 is not stored so',
          text: `${id} of ${JSON.stringify(sensor_id)} is stored ${found}`,
          index: toIndex(id),
        },
      ];
    });
    const unwanted = rows.filter(
      ({ hex, sensor_id }) => hex.startsWith(unwantedIdPrefix) || sensor_id === unwantedSensor,
    );
    const invalid = unwanted.map(({ hex, sensor_id }) => {
      const id = toId(hex);
      return {
        kind: 'an invalid reading is stored',
        text: `${id} of ${JSON.stringify(sensor_id)}`,
        index: toIndex(id),
      };
    });
    return [...missing, ...invalid];
  } finally {
    await connection.end();
  }
}

/** Ids that the API made tell nothing. */
function toIndex(id: string): number | undefined {
  return /^(600d600d|bad0bad0|0dd00dd0)-0000-4000-8000-/.test(id) ? toRequestIndex(id) : undefined;
}
