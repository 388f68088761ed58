import type { SensorType } from './sensor-types.ts';

const firstColumns = ['id', 'sensor_id', 'timestamp'];
const lastColumns = ['prediction', 'score', 'model'];

/** The columns of a CSV export of the readings of a type, in order. */
export function toExportColumns({ features }: SensorType): string[] {
  return [...firstColumns, ...features.map(({ name }) => name), ...lastColumns];
}

/** Whether these column names are those of a CSV export of `GET /readings`. */
export function isExportHeader(names: readonly string[]): boolean {
  const isEqual = (some: readonly string[], others: readonly string[]) => some.join() === others.join();
  return (
    names.length > firstColumns.length + lastColumns.length &&
    isEqual(names.slice(0, firstColumns.length), firstColumns) &&
    isEqual(names.slice(-lastColumns.length), lastColumns)
  );
}

/**
 * Spreadsheets run a cell that begins with one of these characters as a formula (OWASP, CSV injection). `|` and `%` can
 * start other programs. Tab and line breaks are included, because some programs skip them.
 */
const formulaStart = String.raw`[=+\-@＝＋－＠|%\t\r\n]`;

/**
 * The delimiter depends on the locale of the spreadsheet, so a cell may begin after any of these characters. Quotes do
 * not prevent that: for a spreadsheet with another delimiter, they are not at the start of a cell.
 */
const delimiter = String.raw`[,;|\t\n\v\f\r\u0085\u2028\u2029]`;
const cellStart = `(?<=^|${delimiter})`;

/**
 * Characters that some spreadsheets skip before a formula: quotes, white space and invisible characters. A delimiter is
 * not one of them, because the cell after it gets its own apostrophe.
 */
const skipped = String.raw`(?:(?!${delimiter})["\s\p{C}\p{DI}])`;

const formula = new RegExp(`${cellStart}(?='*${skipped}*${formulaStart})`, 'gu');
const neutralFormula = new RegExp(`${cellStart}'(?='*${skipped}*${formulaStart})`, 'gu');

/**
 * Inserts an apostrophe before every part of a text that a spreadsheet might run as a formula. Existing apostrophes are
 * kept and one is added, so that `restoreFormulas` returns exactly the original text.
 */
export function neutralizeFormulas(text: string): string {
  return text.replace(formula, "'");
}

/** Reverses `neutralizeFormulas`. */
export function restoreFormulas(text: string): string {
  return text.replace(neutralFormula, '');
}
