import { parse } from 'csv-parse/sync';

export const maxLineLength = 65_536;

export type Cells = string[] | { fault: string };
/** The cells of each line; of a line at fault, why. No line may be empty. */
export type SplitLines = (lines: readonly string[]) => Cells[];

/**
 * One line is one row. To a CSV parser a stray quote begins a field that swallows the rows after it; here it costs its
 * own line only. Lines without any quote, which is most, need no parser.
 */
export function createSplitLines(delimiter: string): SplitLines {
  const findFault = createFindFault(delimiter);
  return (lines) => {
    if (!lines.some((line) => line.includes('"'))) {
      return lines.map((line) => (line.length > maxLineLength ? tooLong : line.split(delimiter)));
    }
    const faults = lines.map(findFault);
    const sound = lines.map((line, index) => (faults[index] === undefined ? line : placeholder)).join('\n');
    const options = { delimiter, trim: true, relax_column_count: true, record_delimiter: '\n' };
    const records: string[][] = parse(sound, options);
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
