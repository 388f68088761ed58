import { maxLineLength } from './split-lines.ts';

/** Whole lines. `endOffset` is where the next block begins. */
export type Block = { text: string; endOffset: number };

/** What is kept of a line that is too long: enough to see that it is. A character has up to four bytes. */
const keptBytes = maxLineLength * 4 + 4;
const lineFeed = 10;
const carriageReturn = 13;

/** In constant memory, whatever the length of a line. A byte order mark stays: it has its place. */
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

/** After the last line that is surely whole: a carriage return at the very end may have its line feed to come. */
function findEndOfLines(bytes: Buffer): number {
  const afterFeed = bytes.lastIndexOf(lineFeed) + 1;
  const afterReturn = bytes.lastIndexOf(carriageReturn, -2) + 1;
  // Of the pair "\r\n" the feed is the end.
  return Math.max(afterFeed, afterReturn);
}

/** As many lines as the block has; a final line end begins none. */
export function splitTextLines(text: string): string[] {
  const lines = text.includes('\r') ? text.split(/\r\n|\n|\r/) : text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
