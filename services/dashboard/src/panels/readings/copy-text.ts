import { exportColumns, neutralizeFormulas, type StoredReading } from '@sensor-sentinel/contracts';

/** The stored value of a field; null if the column is not a field. */
export function toCellText(reading: StoredReading, columnId: string): string | null {
  const value = findField(reading, columnId);
  return value === undefined ? null : String(value);
}

/** The fields of the columns separated by tabs, for spreadsheets. Text that would become a formula is neutralized. */
export function toRowText(reading: StoredReading, columnIds: readonly string[]): string {
  const values = columnIds.map((columnId) => findField(reading, columnId));
  return values
    .filter((value) => value !== undefined)
    .map((value) => (typeof value === 'number' ? String(value) : neutralizeFormulas(value)))
    .join('\t');
}

function findField(reading: StoredReading, columnId: string): string | number | undefined {
  const field = exportColumns.find((name) => name === columnId);
  return field === undefined ? undefined : reading[field];
}
