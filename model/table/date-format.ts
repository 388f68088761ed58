import { cleanTime } from './time-text.ts';
import { createTokenParser, numericParsers } from './times.ts';

const usual = 'expected tokens of Luxon as in yyyy-MM-dd HH:mm:ss, d.M.yyyy H:mm or M/d/yyyy h:mm a';

/** What is wrong with a format of times that the user gives; undefined if nothing is. */
export function checkDateFormat(format: string): string | undefined {
  if (format in numericParsers) return undefined;
  const corrected = correctTokens(format);
  if (corrected !== format && canParse(corrected)) return `expected tokens of Luxon, as in ${corrected}`;
  return corrected === format && canParse(format) ? undefined : usual;
}

/** Luxon cannot parse by tokens that stand for no date, and throws where they contradict each other. */
function canParse(format: string): boolean {
  const tokens = format.replace(/'[^']*'/g, '');
  const isTimed = /[HhTtFf]/.test(tokens) || !/m/.test(tokens);
  const repeats = /(M|L|d|H|h|m|s).*[^\p{L}].*\1/u.test(tokens);
  if (format.includes('%') || !/y/.test(tokens) || !isTimed || repeats) return false;
  try {
    createTokenParser(format)('');
    return true;
  } catch {
    return false;
  }
}

/** Spreadsheets and other libraries write `YYYY-MM-DD HH:MM`, `dd/mm/yyyy`, or `HH` before AM and PM. */
function correctTokens(format: string): string {
  let before = '';
  const tokens = format.replace(/'[^']*'/g, '');
  return format.replace(/'[^']*'|([a-zA-Z])\1*/g, (token, letter: string | undefined) => {
    if (letter === undefined) return token;
    const isMinute = /[Hh]/.test(before) || (/s/.test(before) && letter === 'm');
    before = letter;
    if (letter === 'Y' && !format.includes('y')) return token.toLowerCase();
    if (letter === 'D' && token.length < 3) return token.toLowerCase();
    if (letter === 'm' && !isMinute) return token.toUpperCase();
    if (letter === 'M' && isMinute && token.length < 3) return token.toLowerCase();
    if (letter === 'S' && !tokens.includes('s')) return token.toLowerCase();
    return letter === 'H' && tokens.includes('a') ? token.toLowerCase() : token;
  });
}

const dateParts = ['dd', 'MM', 'yyyy'];
const timeParts = ['HH', 'mm', 'ss'];

/** A format that parses the text, to be named in a message; undefined where none is found. */
export function suggestDateFormat(text: string): string | undefined {
  const clean = cleanTime(text);
  const [clock = ''] = /^\d{1,2}:\d\d(?::\d\d)?/.exec(clean) ?? [];
  const [first = '', second = ''] = clean.slice(clock.length).match(/\d+/g) ?? [];
  const hasMonthName = /\b[A-Z][a-z]{2}\b/.test(clean);
  const isDayFirst = Number(first) > 12 || Number(second) <= 12;
  const order =
    first.length === 4 ? dateParts.toReversed() : isDayFirst ? [...dateParts] : ['MM', 'dd', 'yyyy'];
  const date = order.filter((part) => part !== 'MM' || !hasMonthName);
  const parts = clock
    ? [...timeParts.slice(0, clock.split(':').length), ...date]
    : [...date, ...timeParts, 'SSS'];
  const isHalf = /\d [ap]m\b/i.test(clean);
  const format = clean.replace(/\d+|[\p{L}]+|[+-]\d{4}$/gu, (found) => {
    if (/^[+-]/.test(found)) return 'ZZZ';
    if (/^[ap]m$/i.test(found)) return 'a';
    if (/^\p{L}/u.test(found)) return /^[A-Z][a-z]{2}$/.test(found) ? 'LLL' : `'${found}'`;
    const part = parts.shift() ?? '';
    if (part === 'yyyy' && found.length === 2) return 'yy';
    const token = isHalf && part === 'HH' ? 'hh' : part;
    return found.length === 1 ? token.slice(0, 1) : token;
  });
  const isWhole = /^(?=.*y)(?=.*[ML]).*d/.test(format.replace(/'[^']*'/g, ''));
  return isWhole && canParse(format) && !Number.isNaN(createTokenParser(format)(text)) ? format : undefined;
}
