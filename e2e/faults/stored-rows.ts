import type { StoredReading } from '@sensor-sentinel/contracts';
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';

/** A connection with exact numbers: mysql2's own text parser is off by one bit beyond 2^53. */
export function connectExactly(uri: string): Promise<Connection> {
  return mysql.createConnection({
    uri,
    dateStrings: true,
    typeCast: (field, next) => (field.type === 'DOUBLE' ? Number(field.string()) : next()),
  });
}

/** Reads every row, in the format of an answer. */
export async function listStoredRows(connection: Connection): Promise<StoredReading[]> {
  const sql = `SELECT LOWER(HEX(id)) AS hex, sensor_id, DATE_FORMAT(timestamp, '%Y-%m-%dT%H:%i:%s.%f') AS micros,
    temperature, humidity, sound_volume, prediction, score, model FROM readings ORDER BY seq`;
  type Row = RowDataPacket & StoredReading & { hex: string; micros: string };
  const [rows] = await connection.query<Row[]>(sql);
  return rows.map(({ hex, micros, ...columns }) => ({
    ...columns,
    id: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    timestamp: `${micros.slice(0, 23)}Z`,
  }));
}
