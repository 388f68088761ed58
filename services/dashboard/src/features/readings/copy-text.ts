import {
  neutralizeFormulas,
  type SensorType,
  type StoredReading,
  toExportColumns,
} from '@sensor-sentinel/contracts';

/** A stored reading and its type. */
interface Copied {
  reading: StoredReading;
  type: SensorType;
}

/** The stored value of a field; null if the column is not a field. A missing value is empty. */
export function toCellText(copied: Copied, columnId: string): string | null {
  const value = findField(copied, columnId);
  return value === undefined ? null : String(value);
}

/** The fields of the columns separated by tabs, for spreadsheets. Text that would become a formula is neutralized. */
export function toRowText(copied: Copied, columnIds: readonly string[]): string {
  const values = columnIds.map((columnId) => findField(copied, columnId));
  return values
    .filter((value) => value !== undefined)
    .map((value) => (typeof value === 'number' ? String(value) : neutralizeFormulas(value)))
    .join('\t');
}

function findField({ reading, type }: Copied, columnId: string): string | number | undefined {
  if (!toExportColumns(type).includes(columnId)) return undefined;
  const value = reading[columnId];
  return typeof value === 'number' || typeof value === 'string' ? value : '';
}
