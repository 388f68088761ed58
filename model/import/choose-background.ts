import { readFile } from 'node:fs/promises';
import { chooseBackgroundRows, chooseReferenceRows } from '../artifact/choose-rows.ts';
import { parseCell, readTable } from '../dataset/read-table.ts';
import { createMatrix } from '../matrix.ts';
import { centerOf, type Scaler } from '../scalers/scaler.ts';
import { decodeText } from '../table/encoding.ts';
import { isNamed, parseHeading } from '../table/headings.ts';
import { createMissingTest } from '../table/numbers.ts';
import { ImportError } from './import-error.ts';
import type { ImportedParts } from './imported-parts.ts';

const remedy = 'Use a CSV file with a header and a numeric column for every feature';

const { isMissing } = createMissingTest();

/**
 * Up to 100 rows, evenly spaced over a CSV file. The features' columns are found by name. Rows that lack a value are left out.
 *
 * @throws ImportError naming the file and, where there are any, line and column
 * @throws DatasetError when the file is not CSV
 */
export async function loadBackground(path: string, features: readonly string[]): Promise<number[][]> {
  const bytes = await readFile(path).catch((cause) => {
    throw new ImportError(path, { problem: `cannot be read: ${cause.message}`, remedy, cause });
  });
  const { header, lines, decimals } = readTable(decodeText(bytes), path, { wanted: features[0] });
  const headings = header.cells.map(parseHeading);
  const columns = features.map((name) => headings.findIndex((heading) => isNamed(heading, name)));
  const missing = features.filter((_, j) => columns[j] < 0);
  if (missing.length > 0) {
    const names = headings.map(({ name }) => name);
    const problem = `no column is named ${missing.map((name) => `"${name}"`).join(', ')}; found ${names.join(', ')}`;
    throw new ImportError(path, { problem, remedy });
  }
  const complete = lines.filter(({ cells }) => columns.every((column) => !isMissing(cells[column] ?? '')));
  if (complete.length === 0)
    throw new ImportError(path, { problem: 'has no row with a value for every feature', remedy });
  const values = new Float64Array(complete.length * features.length);
  for (const [i, { number, cells }] of complete.entries()) {
    for (const [j, name] of features.entries()) {
      const cell = cells[columns[j]] ?? '';
      const value = parseCell(cell, decimals[columns[j]], headings[columns[j]].unit);
      if (Number.isNaN(value)) {
        const problem = `line ${number}, column "${name}": "${cell.slice(0, 40)}", expected a number`;
        throw new ImportError(path, { problem, remedy });
      }
      values[i * features.length + j] = value;
    }
  }
  return chooseBackgroundRows(createMatrix(values, features.length));
}

/**
 * Background readings of a model imported without data: the rows stored in nearest neighbors, else the center
 * of the scaler's training data. Empty for a model without either.
 */
export function backgroundOf({
  scaler,
  classifier,
}: Pick<ImportedParts, 'scaler' | 'classifier'>): number[][] {
  const middle = spreadOf(scaler);
  if (classifier.family !== 'k-nearest-neighbors') return middle ? [middle.center] : [];
  const columns = classifier.samples.length / classifier.labels.length;
  const matrix = createMatrix(Float64Array.from(classifier.samples), columns);
  return chooseBackgroundRows(matrix).map((row) => unscale(scaler, row));
}

/**
 * Readings whose scores are stored: rows of the background, and the center and both ends of the scaler's
 * range.
 */
export function referenceRowsOf(
  scaler: Scaler,
  { background, width }: { background: number[][]; width: number },
) {
  const rows =
    background.length > 0
      ? chooseReferenceRows(createMatrix(Float64Array.from(background.flat()), width))
      : [new Array<number>(width).fill(0)];
  const spread = spreadOf(scaler);
  if (!spread) return rows;
  const { center, radius } = spread;
  const [low, high] = [-1, 1].map((side) => center.map((value, j) => value + side * radius[j]));
  return [...rows, center, low, high].filter((row) => row.every(Number.isFinite));
}

interface Spread {
  readonly center: number[];
  readonly radius: number[];
}

/** Where the scaler's training data lay, per feature; undefined without a scaler. */
function spreadOf(scaler: Scaler): Spread | undefined {
  if (scaler.kind === 'none') return undefined;
  if (scaler.kind !== 'min-max') return { center: centerOf(scaler), radius: scaler.scale };
  const { data_min, data_max } = scaler;
  return {
    center: data_min.map((low, j) => low + (data_max[j] - low) / 2),
    radius: data_min.map((low, j) => (data_max[j] - low) / 2),
  };
}

/** The inverse of the scaler's transform of a row. */
function unscale(scaler: Scaler, row: readonly number[]): number[] {
  if (scaler.kind === 'min-max') return row.map((value, j) => (value - scaler.min[j]) / scaler.scale[j]);
  const spread = spreadOf(scaler);
  return row.map((value, j) => (spread ? value * spread.radius[j] + spread.center[j] : value));
}
