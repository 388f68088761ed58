import { createMatrix } from '../matrix.ts';
import { cleanRows, type Duplicates, findConstantColumns } from './clean-rows.ts';
import type { ParsedDataset } from './dataset.ts';
import { DatasetError } from './dataset-error.ts';
import { type ColumnOptions, type Columns, parseHeader } from './parse-header.ts';
import { parseLabels } from './parse-labels.ts';
import { parseRows } from './parse-rows.ts';
import { readTable } from './read-table.ts';
import { targetColumn } from './to-csv.ts';

export type DatasetOptions = Partial<ColumnOptions> & {
  /** The class that is label 1, where the labels are not 0 and 1. */
  readonly positive?: string | undefined;
  /** Whether a repeated row is kept; dropped when left out. */
  readonly duplicates?: Duplicates | undefined;
};

/**
 * Reads labelled rows from CSV: a header, the label column `target`, and every other column a feature, or those that
 * are asked for. Rows that lack a value or repeat another are left out; `remarks` tells of it.
 *
 * @param source the file's name, for the messages
 * @throws DatasetError naming line, column, the text found and what was expected; all faults at once
 */
export function parseDataset(
  text: string,
  { source, target = targetColumn, ...options }: DatasetOptions & { source: string },
): ParsedDataset {
  const { header, lines, delimiter } = readTable(text, source);
  const { columns, faults } = parseHeader(header, { target, ...options });
  if (!columns) throw new DatasetError(source, faults);
  if (lines.length === 0) throw new DatasetError(source, ['expected rows after the header, found none']);

  const rows = parseRows(lines, { columns, width: header.cells.length });
  if (rows.faults.length > 0) throw new DatasetError(source, rows.faults);
  const { parsed, fault } = parseLabels(rows.labelCells, options.positive);
  if (!parsed) throw new DatasetError(source, [`column "${target}": ${fault}`]);

  const matrix = createMatrix(Float64Array.from(rows.values), columns.features.length);
  const cleaned = cleanRows({ features: matrix, labels: parsed.labels }, options.duplicates ?? 'drop');
  const constant = findConstantColumns(cleaned.features).map((j) => columns.features[j].name);
  if (constant.length === columns.features.length) {
    throw new DatasetError(source, ['every feature is constant: there is nothing to learn from']);
  }
  return {
    featureNames: columns.features.map(({ name }) => name),
    units: columns.features.map(({ unit }) => unit),
    features: cleaned.features,
    labels: cleaned.labels,
    classNames: parsed.classNames,
    remarks: [
      ...layoutRemarks(columns, delimiter),
      ...rows.remarks,
      ...parsed.remarks,
      ...cleaned.remarks,
      ...constant.map(
        (name) => `"${name}" is the same in every row: it is kept, but tells the labels nothing`,
      ),
    ],
  };
}

function layoutRemarks({ ignored }: Columns, delimiter: string): string[] {
  const names = ignored.map(({ name }) => `"${name}"`).join(', ');
  return [
    ...(delimiter === ',' ? [] : [`cells are separated by ${delimiter === ';' ? 'semicolons' : 'tabs'}`]),
    ...(ignored.length === 0 ? [] : [`columns that were not asked for are left out: ${names}`]),
  ];
}
