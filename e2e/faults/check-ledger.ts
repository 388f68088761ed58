import { type Ledger, ledgerSchema, type StoredReading } from '@sensor-sentinel/contracts';
import type { Records } from './records.ts';

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
