import type { Ledger } from '@sensor-sentinel/contracts';

export type LedgerSensor = Omit<Ledger['sensors'][number], 'replayed'>;
export type LedgerColumn = keyof LedgerSensor;

export interface LedgerOrder {
  column: LedgerColumn;
  isDescending: boolean;
}

/** Nulls come first. */
function compare(a: string | number | null, b: string | number | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  if (typeof a === 'string' && typeof b === 'string') return a.localeCompare(b, 'en', { numeric: true });
  return a < b ? -1 : 1;
}

/** Filters sensors by name and sorts them; ties are sorted by name. */
export function arrangeSensors(
  sensors: readonly LedgerSensor[],
  { column, isDescending }: LedgerOrder,
  search: string,
): LedgerSensor[] {
  const sign = isDescending ? -1 : 1;
  const text = search.trim().toLowerCase();
  return sensors
    .filter(({ sensor_id }) => sensor_id.toLowerCase().includes(text))
    .sort((a, b) => sign * compare(a[column], b[column]) || compare(a.sensor_id, b.sensor_id));
}
