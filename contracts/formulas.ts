/**
 * Spreadsheets run a cell that begins with one of these characters as a formula (OWASP, CSV injection); `|` and `%`
 * begin calls of other programs. Tab and line breaks count too, since some programs skip them.
 */
const formulaStart = String.raw`[=+\-@＝＋－＠|%\t\r\n]`;

/** Skipped by some spreadsheets before they look for a formula: quotes, white space and invisible characters. */
const skipped = String.raw`["\s\p{C}\p{DI}]`;

/**
 * The delimiter depends on the reader's locale, so the text after any of these characters may become a cell of its own.
 * Quotes do not prevent that: to a reader with another delimiter than ours they are not at the start of a cell.
 */
const cellStart = String.raw`(?<=^|[,;|\t\n\v\f\r\u0085\u2028\u2029])`;

const formula = new RegExp(`${cellStart}(?='*${skipped}*${formulaStart})`, 'gu');
const neutralFormula = new RegExp(`${cellStart}'(?='*${skipped}*${formulaStart})`, 'gu');

/**
 * Puts an apostrophe before every part of a text that a spreadsheet might run as a formula. A text that already has
 * apostrophes there gets one more, so that `restoreFormulas` gives back exactly the same text.
 */
export function neutralizeFormulas(text: string): string {
  return text.replace(formula, "'");
}

/** Undoes `neutralizeFormulas`. */
export function restoreFormulas(text: string): string {
  return text.replace(neutralFormula, '');
}
