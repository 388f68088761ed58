import { isKnownUnit } from './headings.ts';
import { createMissingTest, parseNumber, splitUnit } from './numbers.ts';
import { isNamedLikeTime } from './time-column.ts';
import { isTimeOfDay } from './time-of-day.ts';
import { createTimeParser } from './times.ts';

/** A row may have a delimiter at its end that the header lacks, or lack one that it has. */
export function fitsWidth(cells: readonly string[], width: number): boolean {
  return cells.length === width || (cells.length === width + 1 && cells[width] === '');
}

/** Names of columns: not all the same, with letters, most of them not empty; or behind an empty one 0, 1, 2, as pandas numbers columns. */
export function areNames(cells: readonly string[]): boolean {
  const names = cells.filter((cell) => cell !== '');
  if (cells[0] === '' && names.length > 0 && names.every((name, index) => name === String(index)))
    return true;
  const areSame = names.length > 1 && new Set(names).size === 1;
  return names.length > 0 && names.length * 2 >= cells.length && !areSame && names.every(isName);
}

export function isName(cell: string): boolean {
  return /[\p{L}#%]/u.test(cell) && !isValue(cell) && !isMissing(cell);
}

const { isMissing: isMark } = createMissingTest();
/** `Bad` is a name, too: the bathroom in German. */
const isMissing = (cell: string) => cell !== '-' && isMark(cell) && !/^bad$/i.test(cell);
const { parse: parseTime } = createTimeParser('standard', 'UTC');
const isDateLike = /^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b/;

/** A number or a time, as names of columns are not. */
export function isValue(cell: string): boolean {
  if (!/\d/.test(cell)) return false;
  const { number } = splitUnit(cell);
  const isNumber = !Number.isNaN(parseNumber(number)) || !Number.isNaN(parseNumber(number, ','));
  return isNumber || isTime(cell) || isTimeOfDay(cell);
}

/** A date, with or without a time of day. */
export function isTime(cell: string): boolean {
  return !Number.isNaN(parseTime(cell)) || isDateLike.test(cell);
}

/** What Campbell Scientific's loggers write below the units, and in their place for time and record; and types of columns. */
const unitWords = new Set([
  '',
  ...'TS RN Avg Smp Min Max Std Tot WVc - none unitless'.split(' '),
  ...'datetime float float64 double real numeric int int64 integer string bool'.split(' '),
]);

/** Only units, empty cells and words of loggers, at least one of them a unit or a word. */
export function areUnits(cells: readonly string[]): boolean {
  const bare = cells.map(toBareUnit);
  const isUnit = (cell: string) => isKnownUnit(cell) || unitWords.has(cell);
  const given = bare.filter((cell) => cell !== '');
  return given.length > 0 && given.filter(isUnit).length * 2 > given.length && !given.some(isValue);
}

/** A row below names that holds units, which need not be known, and no time or the format of times, as in `dd.mm.yyyy`. */
export function isUnitsBelow(cells: readonly string[], names: readonly string[]): boolean {
  const [first = '', ...others] = cells.map((cell) => cell.trim());
  const texts = others.map(toBareUnit).filter((cell) => cell !== '' && cell !== '-');
  const areShort =
    texts.length > 0 && texts.every((cell) => cell.length <= 12 && !isValue(cell) && !isMissing(cell));
  if (!areShort || isValue(first) || isNamedLikeTime(first)) return false;
  const isNoTime = first === '' && isNamedLikeTime(names[0] ?? '');
  return isNoTime || timePattern.test(first) || cells.some(isUnitOnly);
}

/** `min` and single letters are names, too. */
function isUnitOnly(cell: string): boolean {
  const unit = toBareUnit(cell);
  return unit.length > 1 && unit !== 'min' && isKnownUnit(unit);
}

const timePattern = /^[[(]?(?=.*(?:yy|jj|hh|ss|mm))[dmyjhst]+(?:[-./: ]+[dmyjhsta]+)*[\])]?$/i;

/** `#` at the start, as in annotated CSV; a quoted `"#"` is the name of a column, and `####,` a number for which Excel had no room. */
export function isComment(text: string): boolean {
  return (text.startsWith('#') && !isHidden(text)) || text.startsWith('//');
}

/** Whether a line begins with a cell of `###`, which Excel shows for a value that is wider than its column. */
export function isHidden(text: string): boolean {
  return /^#{3,}[,;\t|]/.test(text);
}

const summary =
  /^(?:-+ *)?(?:(?:grand )?totals?|sums?|summe|gesamt(?:summe)?|mean|average|avg|mittelwert|durchschnitt|min(?:imum)?|max(?:imum)?|std(?:dev)?|count|somme|totale|moyenne|media|médi[ao]|promedio|suma|end of (?:file|data|report)|eof|completion time)(?![\p{L}\p{N}_])|^\(?\d+ rows?\b|^\\\.$/iu;

/** What a line below the last reading begins with. */
export function isSummary(cell: string): boolean {
  return summary.test(cell);
}

/** The line below the header of some tables: `----+----`. */
export function isRule(text: string): boolean {
  return /^(?:[-+=|:\s]{3,}|[-+=|:,;\s]*-{3,}[-+=|:,;\s]*)$/.test(text);
}

/** `[hPa]` → `hPa`. */
export function toBareUnit(cell: string): string {
  return cell.replace(/^[[(](.*)[\])]$/, '$1').trim();
}
