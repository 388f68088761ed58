import { isKnownUnit } from './headings.ts';
import { createMissingTest, parseNumber, splitUnit } from './numbers.ts';
import { isTimeOfDay } from './time-of-day.ts';
import { createTimeParser } from './times.ts';

/** A row may have a delimiter at its end that the header lacks, or lack one that it has. */
export function fitsWidth(cells: readonly string[], width: number): boolean {
  return cells.length === width || (cells.length === width + 1 && cells[width] === '');
}

/** Names of columns: different ones, with letters, most of them not empty; or behind an empty one 0, 1, 2, as pandas numbers columns. */
export function areNames(cells: readonly string[]): boolean {
  const names = cells.filter((cell) => cell !== '');
  if (cells[0] === '' && names.length > 0 && names.every((name, index) => name === String(index)))
    return true;
  const isUnique = new Set(names).size === names.length;
  return names.length > 0 && names.length * 2 >= cells.length && isUnique && names.every(isName);
}

function isName(cell: string): boolean {
  return /[\p{L}#%]/u.test(cell) && !isValue(cell) && !isMissing(cell);
}

const { isMissing: isMark } = createMissingTest();
const isMissing = (cell: string) => cell !== '-' && isMark(cell);
const { parse: parseTime } = createTimeParser('standard', 'UTC');
const isDateLike = /^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b/;

/** A number or a time, as names of columns are not. */
export function isValue(cell: string): boolean {
  if (!/\d/.test(cell)) return false;
  const { number } = splitUnit(cell);
  const isNumber = !Number.isNaN(parseNumber(number)) || !Number.isNaN(parseNumber(number, ','));
  return isNumber || !Number.isNaN(parseTime(cell)) || isDateLike.test(cell) || isTimeOfDay(cell);
}

/** What Campbell Scientific's loggers write below the units, and in their place for time and record. */
const unitWords = new Set([
  'TS',
  'RN',
  'Avg',
  'Smp',
  'Min',
  'Max',
  'Std',
  'Tot',
  'WVc',
  '-',
  '',
  'none',
  'unitless',
]);

/** Only units, empty cells and words of loggers, at least one of them a unit or a word. */
export function areUnits(cells: readonly string[]): boolean {
  const bare = cells.map(toBareUnit);
  const isUnit = (cell: string) => isKnownUnit(cell) || unitWords.has(cell);
  const given = bare.filter((cell) => cell !== '');
  return given.length > 0 && given.filter(isUnit).length * 2 > given.length && !given.some(isValue);
}

/** `#` at the start, as in annotated CSV; a quoted `"#"` is the name of a column. */
export function isComment(text: string): boolean {
  return text.startsWith('#') || text.startsWith('//');
}

/** The line below the header of some tables: `----+----`. */
export function isRule(text: string): boolean {
  return /^[-+=|:\s]{3,}$/.test(text);
}

/** `[hPa]` → `hPa`. */
export function toBareUnit(cell: string): string {
  return cell.replace(/^[[(](.*)[\])]$/, '$1').trim();
}
