import { parse } from 'csv-parse/sync';

export const maxLineLength = 65_536;

/** The cells of a line, or why the line cannot be split. */
export type Cells = string[] | { fault: string };

/**
 * Splits lines with csv-parse. To a CSV parser an unclosed quote opens a field that swallows all rows after it, so lines
 * with unbalanced quotes are replaced before parsing: they cost their own line only. No line may be blank.
 */
export function createSplitLines(delimiter: string): (lines: readonly string[]) => Cells[] {
  const findFault = createFindFault(delimiter);
  const options = { delimiter, trim: true, relax_column_count: true, record_delimiter: '\n' };
  return (lines) => {
    const faults = lines.map(findFault);
    const sound = faults.some((fault) => fault !== undefined)
      ? lines.map((line, index) => (faults[index] === undefined ? line : placeholder))
      : lines;
    const records: string[][] = parse(sound.join('\n'), options);
    return records.map((cells, index) => faults[index] ?? cells);
  };
}

const tooLong = { fault: `expected at most ${maxLineLength} characters on a line` };
const unbalanced = { fault: 'expected balanced quotes within the line' };
const placeholder = '-';

function createFindFault(delimiter: string): (line: string) => { fault: string } | undefined {
  const separator = `\\x${delimiter.charCodeAt(0).toString(16).padStart(2, '0')}`;
  const blank = delimiter === '\t' ? ' ' : '[ \\t]';
  const field = `(?:${blank}*"(?:[^"]|"")*"${blank}*|[^"${separator}]*)`;
  const wellFormed = new RegExp(`^${field}(?:${separator}${field})*$`);
  return (line) => {
    if (line.length > maxLineLength) return tooLong;
    return line.includes('"') && !wellFormed.test(line) ? unbalanced : undefined;
  };
}
