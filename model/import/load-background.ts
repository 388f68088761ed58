import { readFile } from 'node:fs/promises';
import { parseNumber } from '../dataset/parse-number.ts';
import { readTable } from '../dataset/read-table.ts';
import { createMatrix } from '../matrix.ts';
import { chooseBackgroundRows } from '../training/choose-rows.ts';
import { ImportError } from './import-error.ts';

const remedy = 'Give a CSV file with a header that has a column for every feature, and numbers below';

/**
 * Up to a hundred rows, evenly spaced over a CSV file; of its columns those of the features, found by name.
 *
 * @throws ImportError naming the file, and line and column where there are
 * @throws DatasetError when the file is no CSV
 */
export async function loadBackground(path: string, features: readonly string[]): Promise<number[][]> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw new ImportError(path, { problem: `cannot be read: ${cause.message}`, remedy, cause });
  });
  const { header, lines } = readTable(text, path);
  const names = header.cells.map((heading) => heading.replace(/\s*[[(].*$/, ''));
  const missing = features.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    const problem = `no column is named ${missing.map((name) => `"${name}"`).join(', ')}; found ${names.join(', ')}`;
    throw new ImportError(path, { problem, remedy });
  }
  if (lines.length === 0) throw new ImportError(path, { problem: 'has no rows', remedy });
  const values = new Float64Array(lines.length * features.length);
  for (const [i, { number, cells }] of lines.entries()) {
    for (const [j, name] of features.entries()) {
      const cell = cells[names.indexOf(name)] ?? '';
      const value = parseNumber(cell);
      if (Number.isNaN(value)) {
        const problem = `line ${number}, column "${name}": "${cell.slice(0, 40)}", expected a number`;
        throw new ImportError(path, { problem, remedy });
      }
      values[i * features.length + j] = value;
    }
  }
  return chooseBackgroundRows(createMatrix(values, features.length));
}
