import { type Ledger, ledgerSchema, type StoredReading } from '@sensor-sentinel/contracts';
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import { describeAnswer, listDifferences, type Records } from './records.ts';

/** A connection with exact numbers: mysql2's own text parser is off by one bit beyond 2^53. */
export function connectExactly(uri: string): Promise<Connection> {
  return mysql.createConnection({
    uri,
    dateStrings: true,
    jsonStrings: true,
    typeCast: (field, next) => (field.type === 'DOUBLE' ? Number(field.string()) : next()),
  });
}

/** Reads every row, in the format of an answer. */
export async function listStoredRows(connection: Connection): Promise<StoredReading[]> {
  const sql = `SELECT LOWER(HEX(readings.id)) AS hex, sensors.name AS sensor_id,
    DATE_FORMAT(timestamp, '%Y-%m-%dT%H:%i:%s.%f') AS micros, features, prediction, score, models.name AS model
    FROM readings JOIN sensors ON sensors.id = sensor JOIN models ON models.id = model ORDER BY seq`;
  type Row = RowDataPacket & StoredReading & { hex: string; micros: string; features: string };
  const [rows] = await connection.query<Row[]>(sql);
  return rows.map(({ hex, micros, features, ...columns }) => {
    const [temperature, humidity, sound_volume] = JSON.parse(features);
    return {
      ...columns,
      ...{ temperature, humidity, sound_volume },
      id: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
      timestamp: `${micros.slice(0, 23)}Z`,
    };
  });
}

const sentFields = ['sensor_id', 'temperature', 'humidity', 'sound_volume'] as const;

/** Compares the stored rows with the readings sent and their answers. */
export function checkReadings(rows: readonly StoredReading[], records: Records): void {
  const seen = new Set<string>();
  for (const row of rows) {
    if (seen.has(row.id)) records.note('doubled', row.id);
    seen.add(row.id);
    const entry = records.entries.get(row.id);
    if (entry === undefined) {
      records.note('unsent', `${row.id} of ${row.sensor_id}`);
      continue;
    }
    const { reading, answer } = entry;
    const changed = sentFields.filter((field) => row[field] !== reading[field]);
    if (reading.timestamp !== undefined && row.timestamp !== reading.timestamp)
      records.note('unsent', `${row.id}: timestamp ${row.timestamp} ≠ ${reading.timestamp}`);
    if (changed.length > 0) records.note('unsent', `${row.id}: another ${changed.join(', ')} than was sent`);
    const differences = answer ? listDifferences(row, answer) : [];
    if (answer && differences.length > 0)
      records.note('lost', `${describeAnswer(answer)}: ${differences.join(', ')}`);
  }
  for (const [id, { answer }] of records.entries) {
    if (answer && !seen.has(id)) records.note('lost', `${describeAnswer(answer)}, is not stored`);
  }
}

export async function readLedger(url: string): Promise<Ledger> {
  const answer = await fetch(`${url}/ledger`);
  if (!answer.ok) throw new Error(`GET /ledger answers ${answer.status}: ${await answer.text()}`);
  return ledgerSchema.parse(await answer.json());
}

/** Compares the ledger's count of stored readings per sensor with the rows. */
export function checkLedger({ sensors }: Ledger, rows: readonly StoredReading[], records: Records): void {
  const stored = new Map(sensors.map((sensor) => [sensor.sensor_id, sensor.stored]));
  const expected = new Map<string, number>();
  for (const { sensor_id } of rows) expected.set(sensor_id, (expected.get(sensor_id) ?? 0) + 1);
  for (const sensor of new Set([...stored.keys(), ...expected.keys()])) {
    const [is, shouldBe] = [stored.get(sensor) ?? 0, expected.get(sensor) ?? 0];
    if (is !== shouldBe) records.note('ledger', `${sensor}: ${is} in the ledger, ${shouldBe} rows`);
  }
}
