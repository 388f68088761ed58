const maxLineLength = 65_536;
const field = String.raw`(?:[ \t]*"(?:[^"]|"")*"[ \t]*|[^",]*)`;
const wellFormedLine = new RegExp(`^${field}(?:,${field})*$`);

export function findLineFault(line: string): string | undefined {
  if (line.length > maxLineLength) return `expected at most ${maxLineLength} characters on a line`;
  if (line.includes('"') && !wellFormedLine.test(line)) return 'expected balanced quotes within the line';
  return undefined;
}

/** To a CSV parser, a stray quote begins a field that swallows the rows after it. Quoted as a whole, the line is one field. */
function isolateLine(line: string): string {
  if (findLineFault(line) === undefined) return line;
  return `"${line.slice(0, maxLineLength + 1).replaceAll('"', '""')}"`;
}

function isolateEach(lines: string): string {
  return lines.replace(/[^\r\n]+/g, isolateLine);
}

/** Text of whole lines without byte order mark, of which none can reach into the next. */
export async function* isolateLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true });
    const end = Math.max(rest.lastIndexOf('\n'), rest.lastIndexOf('\r')) + 1;
    if (end > 0) yield isolateEach(rest.slice(0, end));
    rest = rest.slice(end, end + maxLineLength + 1);
  }
  yield isolateEach(rest + decoder.decode());
}
