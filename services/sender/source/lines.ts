import { parse } from 'csv-parse/sync';

const maxLineLength = 65_536;

/** One or more whole lines; `endOffset` is the byte offset at which the next block begins. */
export interface Block {
  text: string;
  endOffset: number;
}

/** How much of a line that is too long is kept: enough to see that it is. A character has up to four bytes. */
const keptBytes = maxLineLength * 4 + 4;
const lineFeed = 10;
const carriageReturn = 13;

/** Cuts bytes into blocks of whole lines, in constant memory however long a line is. */
export async function* readBlocks(chunks: AsyncIterable<Buffer>, startOffset: number): AsyncGenerator<Block> {
  let rest: Buffer = Buffer.alloc(0);
  let offset = startOffset;
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    offset += chunk.length;
    const end = findEndOfLines(bytes);
    if (end > 0) yield { text: bytes.toString('utf8', 0, end), endOffset: offset - (bytes.length - end) };
    rest = bytes.subarray(end, end + keptBytes);
  }
  if (rest.length > 0) yield { text: rest.toString('utf8'), endOffset: offset };
}

/** A carriage return at the very end does not count yet: its line feed may follow in the next chunk. */
function findEndOfLines(bytes: Buffer): number {
  const afterFeed = bytes.lastIndexOf(lineFeed) + 1;
  const afterReturn = bytes.lastIndexOf(carriageReturn, -2) + 1;
  return Math.max(afterFeed, afterReturn);
}

/** A line ending at the end of the text begins no further line. */
export function splitTextLines(text: string): string[] {
  const lines = text.includes('\r') ? text.split(/\r\n|\n|\r/) : text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
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
