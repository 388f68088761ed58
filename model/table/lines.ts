import { parse } from 'csv-parse/sync';

export const maxLineLength = 65_536;

/** A line ending at the end of the text begins no further line. */
export function splitTextLines(text: string): string[] {
  const lines = text.includes('\r') ? text.split(/\r\n|\n|\r/) : text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

export function isBlank(text: string): boolean {
  return text === '' || (text.charCodeAt(0) <= 32 && text.trim() === '');
}

/** The cells of a line, or why the line cannot be split. */
export type Cells = string[] | { fault: string };

/**
 * Splits lines with csv-parse. To a CSV parser an unclosed quote opens a field that swallows all rows after it, so lines
 * with unbalanced quotes are replaced before parsing: they cost their own line only. No line may be blank.
 */
export function splitLines(lines: readonly string[], delimiter: string): Cells[] {
  const wellFormed = toWellFormedPattern(delimiter);
  const faults = lines.map((line) => {
    if (line.length > maxLineLength) return tooLong;
    return line.includes('"') && !wellFormed.test(line) ? unbalanced : undefined;
  });
  const sound = lines.map((line, index) => (faults[index] === undefined ? line : placeholder));
  const options = { delimiter, trim: true, relax_column_count: true, record_delimiter: '\n' };
  const records: string[][] = parse(sound.join('\n'), options);
  return records.map((cells, index) => faults[index] ?? cells);
}

const tooLong = { fault: `expected at most ${maxLineLength} characters on a line` };
const unbalanced = { fault: 'expected balanced quotes within the line' };
const placeholder = '-';

function toWellFormedPattern(delimiter: string): RegExp {
  const separator = `\\x${delimiter.charCodeAt(0).toString(16).padStart(2, '0')}`;
  const blank = delimiter === '\t' ? ' ' : '[ \\t]';
  const field = `(?:${blank}*"(?:[^"]|"")*"${blank}*|[^"${separator}]*)`;
  return new RegExp(`^${field}(?:${separator}${field})*$`);
}
