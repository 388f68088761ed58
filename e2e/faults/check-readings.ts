import type { StoredReading } from '@sensor-sentinel/contracts';
import { type Books, describeAnswer, listDifferences } from './books.ts';

const sentFields = ['sensor_id', 'temperature', 'humidity', 'sound_volume'] as const;

/** Compares what is stored with what was sent and answered. */
export function checkReadings(rows: readonly StoredReading[], books: Books): void {
  const seen = new Set<string>();
  for (const row of rows) {
    if (seen.has(row.id)) books.note('doubled', row.id);
    seen.add(row.id);
    const entry = books.entries.get(row.id);
    if (entry === undefined) {
      books.note('unsent', `${row.id} of ${row.sensor_id}`);
      continue;
    }
    const { reading, answer } = entry;
    const changed = sentFields.filter((field) => row[field] !== reading[field]);
    if (reading.timestamp !== undefined && row.timestamp !== reading.timestamp)
      books.note('unsent', `${row.id}: timestamp ${row.timestamp} ≠ ${reading.timestamp}`);
    if (changed.length > 0) books.note('unsent', `${row.id}: another ${changed.join(', ')} than was sent`);
    const differences = answer ? listDifferences(row, answer) : [];
    if (answer && differences.length > 0)
      books.note('lost', `${describeAnswer(answer)}: ${differences.join(', ')}`);
  }
  for (const [id, { answer }] of books.entries) {
    if (answer && !seen.has(id)) books.note('lost', `${describeAnswer(answer)}, is not stored`);
  }
}
