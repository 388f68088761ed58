export interface Answer {
  status: number;
  /** By lower-case name; those given several times are joined. */
  headers: ReadonlyMap<string, string>;
  body: Buffer;
}

export interface ReadAnswers {
  answers: readonly Answer[];
  /** Whether an answer has begun and not ended. */
  isInside: boolean;
  /** Whether that is a stream of events, which has no end; it is the last of the answers, as far as it has come. */
  isStream: boolean;
}

/** What was received is not HTTP. */
export class AnswerFault extends Error {}

const statusLine = /^HTTP\/1\.[01] ([1-5]\d{2}) [\t\x20-\x7e]*$/;
const headerLine = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/;

/**
 * Reads the answers to requests of these methods, strictly; interim answers (1xx) are passed over.
 *
 * @param isClosed - whether the server has closed the connection, which ends an answer without a length
 * @throws AnswerFault
 */
export function readAnswers(bytes: Buffer, methods: readonly string[], isClosed: boolean): ReadAnswers {
  const answers: Answer[] = [];
  let at = 0;
  while (at < bytes.length) {
    const method = methods[answers.length];
    const headEnd = bytes.indexOf('\r\n\r\n', at);
    if (headEnd < 0) return { answers, isInside: true, isStream: false };
    const head = readHead(bytes.toString('latin1', at, headEnd));
    const { body, length } = readBody(bytes.subarray(headEnd + 4), head, { method, isClosed });
    if (length === undefined) {
      const isStream = head.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
      return { answers: isStream ? [...answers, { ...head, body }] : answers, isInside: true, isStream };
    }
    at = headEnd + 4 + length;
    if (head.status >= 200) answers.push({ ...head, body });
    // A parser that could not read the request does not know that its method was HEAD, and sends a body.
    const isLast = head.status >= 400 && head.headers.get('connection')?.toLowerCase() === 'close';
    if (method === 'HEAD' && isLast) break;
  }
  return { answers, isInside: false, isStream: false };
}

function readHead(text: string): Omit<Answer, 'body'> {
  const [first = '', ...lines] = text.split('\r\n');
  const status = statusLine.exec(first)?.[1];
  if (status === undefined)
    throw new AnswerFault(`not a status line: ${JSON.stringify(first.slice(0, 200))}`);
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value = ''] = headerLine.exec(line) ?? [];
    if (name === undefined) throw new AnswerFault(`not a header: ${JSON.stringify(line.slice(0, 200))}`);
    const given = headers.get(name.toLowerCase());
    headers.set(name.toLowerCase(), given === undefined ? value : `${given}, ${value}`);
  }
  return { status: Number(status), headers };
}

interface Body {
  body: Buffer;
  /** Bytes on the wire; undefined until all have arrived. */
  length: number | undefined;
}

function readBody(
  bytes: Buffer,
  { status, headers }: Omit<Answer, 'body'>,
  { method, isClosed }: { method: string | undefined; isClosed: boolean },
): Body {
  const [length, coding] = [headers.get('content-length'), headers.get('transfer-encoding')];
  if (length !== undefined && coding !== undefined)
    throw new AnswerFault('Content-Length beside Transfer-Encoding');
  if (length !== undefined && !/^\d+$/.test(length)) throw new AnswerFault(`Content-Length: ${length}`);
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304)
    return { body: Buffer.alloc(0), length: 0 };
  if (coding === 'chunked') return readChunks(bytes);
  if (coding !== undefined) throw new AnswerFault(`Transfer-Encoding: ${coding}`);
  if (length === undefined) return { body: bytes, length: isClosed ? bytes.length : undefined };
  const body = bytes.subarray(0, Number(length));
  return { body, length: body.length === Number(length) ? body.length : undefined };
}

function readChunks(bytes: Buffer): Body {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) break;
    const line = bytes.toString('latin1', at, lineEnd);
    if (!/^[0-9a-f]{1,8}$/i.test(line))
      throw new AnswerFault(`a chunk of size ${JSON.stringify(line.slice(0, 50))}`);
    const size = Number.parseInt(line, 16);
    const end = lineEnd + 2 + size;
    if (bytes.length < end + 2) break;
    if (bytes.toString('latin1', end, end + 2) !== '\r\n')
      throw new AnswerFault('a chunk longer than its size');
    if (size === 0) return { body: Buffer.concat(parts), length: end + 2 };
    parts.push(bytes.subarray(lineEnd + 2, end));
    at = end + 2;
  }
  return { body: Buffer.concat(parts), length: undefined };
}
