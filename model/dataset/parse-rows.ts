import { DatasetError } from './dataset.ts';
import type { Column, Columns } from './parse-header.ts';
import { isMissing, type Line, parseNumber } from './read-table.ts';

export interface ParsedRows {
  /** Row-major; complete rows only. */
  readonly values: readonly number[];
  /** One per complete row. */
  readonly labelCells: readonly string[];
  readonly remarks: readonly string[];
}

/**
 * Parses the feature values and reads the label cell of every row without a missing value.
 *
 * @throws DatasetError listing all faults
 */
export function parseRows(
  lines: readonly Line[],
  { columns: { target, features }, width, source }: { columns: Columns; width: number; source: string },
): ParsedRows {
  const faults = columnFaults(lines, { target, features });
  if (faults.length > 0) throw new DatasetError(source, faults);
  const values: number[] = [];
  const labelCells: string[] = [];
  const lacking = new Map<string, number>();
  for (const line of lines) {
    if (line.cells.length !== width) {
      faults.push(`line ${line.number}: ${line.cells.length} cells, expected ${width} as in the header`);
      continue;
    }
    faults.push(
      ...features.filter((column) => isText(line, column)).map((column) => textFault(line, column)),
    );
    const missing = [target, ...features].filter(({ index }) => isMissing(line.cells[index]));
    for (const { name } of missing) lacking.set(name, (lacking.get(name) ?? 0) + 1);
    if (missing.length > 0) continue;
    values.push(...features.map(({ index }) => parseNumber(line.cells[index])));
    labelCells.push(line.cells[target.index]);
  }
  if (faults.length === 0 && labelCells.length === 0) faults.push('every row has a missing value');
  if (faults.length > 0) throw new DatasetError(source, faults);
  const left = lines.length - labelCells.length;
  const where = [...lacking].map(([name, count]) => `"${name}" ${count}`).join(', ');
  const remarks =
    left > 0 ? [`${left} of ${lines.length} rows have a missing value and are left out: ${where}`] : [];
  return { values, labelCells, remarks };
}

/** Reports a column without any usable cell once, instead of once per line. */
function columnFaults(
  lines: readonly Line[],
  { target, features }: Pick<Columns, 'target' | 'features'>,
): string[] {
  if (lines.length < 2) return [];
  return [target, ...features].flatMap((column) => {
    const filled = lines.filter(({ cells }) => !isMissing(cells[column.index] ?? ''));
    if (filled.length === 0) return [`column "${column.name}" is empty in every row`];
    if (column === target || !filled.every((line) => isText(line, column))) return [];
    const [{ number, cells }] = filled;
    const found = `line ${number}: "${cells[column.index]}"`;
    return [`column "${column.name}" has no numbers (${found}): leave it out by naming the other features`];
  });
}

function isText({ cells }: Line, { index }: Column): boolean {
  const cell = cells[index] ?? '';
  return !isMissing(cell) && Number.isNaN(parseNumber(cell));
}

function textFault({ number, cells }: Line, { name, index }: Column): string {
  return `line ${number}, column "${name}": "${cells[index]}", expected a number`;
}
