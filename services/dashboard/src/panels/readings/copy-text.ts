import { exportColumns, type StoredReading } from '@sensor-sentinel/contracts';

/** A field as an export has it; null where the column is none. */
export function toCellText(reading: StoredReading, columnId: string): string | null {
  const field = exportColumns.find((name) => name === columnId);
  return field === undefined ? null : String(reading[field]);
}

/** The fields of these columns, as spreadsheets take them. */
export function toRowText(reading: StoredReading, columnIds: readonly string[]): string {
  const texts = columnIds.map((columnId) => toCellText(reading, columnId));
  return texts.filter((text) => text !== null).join('\t');
}
