import { maxLineLength } from '@sensor-sentinel/model/table';

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
