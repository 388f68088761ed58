export const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

const missingMarks = new Set(['', 'na', 'n/a', 'nan', 'null', '?']);

/** How files of other programs mark a cell without a value. */
export function isMissing(cell: string): boolean {
  return missingMarks.has(cell.toLowerCase());
}

/** NaN for anything but a decimal number, and for one beyond float64. */
export function parseNumber(cell: string): number {
  const value = decimal.test(cell) ? Number(cell) : Number.NaN;
  return Number.isFinite(value) ? value : Number.NaN;
}
