import { CsvError, parse } from 'csv-parse/sync';
import { createMatrix, maxFeatures } from '../matrix.ts';
import type { Dataset } from './dataset.ts';
import { DatasetError } from './dataset-error.ts';
import { targetColumn } from './to-csv.ts';

type Line = { readonly number: number; readonly cells: readonly string[] };

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Reads labelled rows from CSV: a header, the label column `target`, and every other column a feature. Spaces
 * around a cell, empty lines and a byte order mark are ignored.
 *
 * @param source the file's name, for the messages
 * @throws DatasetError naming line, column, the text found and what was expected; all faults at once
 */
export function parseDataset(
  text: string,
  { source, target = targetColumn }: { source: string; target?: string },
): Dataset {
  const [header, ...lines] = toLines(text, source);
  if (!header) throw new DatasetError(source, ['the file is empty: expected a header and rows']);
  const faults = headerFaults(header, target);
  if (faults.length === 0 && lines.length === 0) faults.push('expected rows after the header, found none');
  if (faults.length > 0) throw new DatasetError(source, faults);

  const features: number[] = [];
  const labels: number[] = [];
  for (const line of lines) {
    if (line.cells.length !== header.cells.length) {
      faults.push(
        `line ${line.number}: ${line.cells.length} cells, expected ${header.cells.length} as in the header`,
      );
      continue;
    }
    for (const [i, column] of header.cells.entries()) {
      const value = toNumber(line.cells[i]);
      const isLabel = column === target;
      if (Number.isFinite(value) && (!isLabel || value === 0 || value === 1)) {
        (isLabel ? labels : features).push(value);
      } else {
        faults.push(cellFault(line, i, { column, expected: isLabel ? '0 or 1' : 'a number' }));
      }
    }
  }
  if (faults.length > 0) throw new DatasetError(source, faults);
  const featureNames = header.cells.filter((column) => column !== target);
  return {
    featureNames,
    features: createMatrix(Float64Array.from(features), featureNames.length),
    labels: Uint8Array.from(labels),
  };
}

function toLines(text: string, source: string): Line[] {
  try {
    const lines: Line[] = [];
    parse(text, {
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      on_record: (cells: string[], { lines: number }) => {
        lines.push({ number, cells });
        return null;
      },
    });
    return lines;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new DatasetError(source, [`line ${error.lines}: ${error.message}`], { cause: error });
  }
}

function headerFaults({ number, cells }: Line, target: string): string[] {
  const faults: string[] = [];
  for (const [i, column] of cells.entries()) {
    if (column === '') faults.push(`line ${number}: column ${i + 1} has no name`);
    else if (cells.indexOf(column) < i) faults.push(`line ${number}: column "${column}" is there twice`);
  }
  const found = cells.map((column) => `"${column}"`).join(', ');
  if (!cells.includes(target)) {
    faults.push(
      `line ${number}: column "${target}" is missing: expected it to hold the label, found ${found}`,
    );
  }
  const features = cells.filter((column) => column !== target).length;
  if (features < 1 || features > maxFeatures) {
    faults.push(`line ${number}: ${features} feature columns, expected 1 to ${maxFeatures}`);
  }
  return faults;
}

function toNumber(cell: string): number {
  return decimal.test(cell) ? Number(cell) : Number.NaN;
}

function cellFault(
  { number, cells }: Line,
  index: number,
  { column, expected }: { column: string; expected: string },
): string {
  const found = cells[index] === '' ? 'the cell is empty' : `"${cells[index]}"`;
  return `line ${number}, column "${column}": ${found}, expected ${expected}`;
}
