import type { StoredReading } from '@sensor-sentinel/contracts';
import { describeAnswer, listDifferences, type Records } from './records.ts';

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
