const newline = 10;

/** A line without its newline, or a marker for a line that was too long to keep. */
export type Line = { bytes: Buffer; tooLong?: never } | { bytes?: never; tooLong: true };

/** Splits chunks into lines. Buffers at most one line of `maxLineBytes`. */
export function createLineSplitter(maxLineBytes: number) {
  let parts: Buffer[] = [];
  let length = 0;

  function keep(part: Buffer): void {
    length += part.length;
    if (length <= maxLineBytes) parts.push(part);
    else parts = [];
  }

  function takeLine(): Line {
    const line: Line = length > maxLineBytes ? { tooLong: true } : { bytes: Buffer.concat(parts, length) };
    parts = [];
    length = 0;
    return line;
  }

  return {
    /** Yields the lines that end in this chunk, in groups of at most `maxLines`. */
    *split(chunk: Buffer, maxLines: number): Generator<Line[]> {
      let lines: Line[] = [];
      let start = 0;
      for (;;) {
        const end = chunk.indexOf(newline, start);
        if (end < 0) break;
        keep(chunk.subarray(start, end));
        lines.push(takeLine());
        start = end + 1;
        if (lines.length < maxLines) continue;
        yield lines;
        lines = [];
      }
      if (start < chunk.length) keep(chunk.subarray(start));
      if (lines.length > 0) yield lines;
    },
    /** The text after the last newline, as a line. */
    rest: (): Line[] => (length > 0 ? [takeLine()] : []),
  };
}
