const newline = 10;

/** A line without its end, or how many bytes it had where those were too many to keep. */
export type Line = { bytes: Buffer; tooLong?: never } | { bytes?: never; tooLong: true };

/** Cuts chunks into lines; keeps no more than one line of `maxLineBytes`. */
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
    /** The lines that end in the chunk, in slices of at most so many. */
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
    /** What comes after the last line end. */
    rest: (): Line[] => (length > 0 ? [takeLine()] : []),
  };
}
