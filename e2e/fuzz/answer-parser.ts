export interface Answer {
  status: number;
  /** By lower-case name; those given several times are joined. */
  headers: ReadonlyMap<string, string>;
  body: Buffer;
}

type State = 'head' | 'discard' | 'length' | 'chunk size' | 'chunk' | 'chunk end' | 'trailer' | 'until close';

const statusLine = /^HTTP\/1\.[01] (\d{3}) [\t\x20-\x7e]*$/;
const headerLine = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/;
const maxLineBytes = 100_000;

class AnswerFault extends Error {}

type Head = Omit<Answer, 'body'>;

function parseHead(text: string): Head {
  const [first = '', ...lines] = text.split('\r\n');
  const status = Number(statusLine.exec(first)?.[1]);
  if (!(status >= 100)) throw new AnswerFault(`not a status line: ${JSON.stringify(first.slice(0, 200))}`);
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value = ''] = headerLine.exec(line) ?? [];
    if (name === undefined) throw new AnswerFault(`not a header: ${JSON.stringify(line.slice(0, 200))}`);
    const key = name.toLowerCase();
    const given = headers.get(key);
    headers.set(key, given === undefined ? value : `${given}, ${value}`);
  }
  return { status, headers };
}

/** What reads the body that follows a head, and how long it is. */
function chooseBody({ status, headers }: Head, method: string | undefined): { state: State; length: number } {
  const length = headers.get('content-length');
  const coding = headers.get('transfer-encoding');
  if (length !== undefined && coding !== undefined)
    throw new AnswerFault('Content-Length beside Transfer-Encoding');
  if (length !== undefined && !/^\d+$/.test(length)) throw new AnswerFault(`Content-Length: ${length}`);
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304)
    return { state: 'length', length: 0 };
  if (coding === 'chunked') return { state: 'chunk size', length: 0 };
  if (coding !== undefined) throw new AnswerFault(`Transfer-Encoding: ${coding}`);
  return length === undefined
    ? { state: 'until close', length: 0 }
    : { state: 'length', length: Number(length) };
}

/** Reads the answers to requests of these methods strictly; interim answers (1xx) are passed over. */
export class AnswerParser {
  readonly answers: Answer[] = [];
  /** What of the bytes is not HTTP; undefined as long as everything is. */
  fault: string | undefined;
  readonly #methods: readonly string[];
  #unread: Buffer = Buffer.alloc(0);
  #state: State = 'head';
  /** How many bytes of the body, or of its chunk, are still to come. */
  #left = 0;
  #parts: Buffer[] = [];
  #head: Head | undefined;

  constructor(methods: readonly string[]) {
    this.#methods = methods;
  }

  /** Whether an answer has begun and not ended. */
  isInside(): boolean {
    return (this.#state !== 'head' && this.#state !== 'discard') || this.#unread.length > 0;
  }

  /** The stream of events that is under way, as far as it has come. */
  stream(): Answer | undefined {
    const isStream = this.#head?.headers.get('content-type')?.startsWith('text/event-stream');
    return this.#head && isStream ? { ...this.#head, body: Buffer.concat(this.#parts) } : undefined;
  }

  push(bytes: Buffer): void {
    if (this.fault !== undefined) return;
    try {
      this.#unread = this.#unread.length === 0 ? bytes : Buffer.concat([this.#unread, bytes]);
      while (this.#unread.length > 0 && this.#step());
    } catch (error) {
      if (!(error instanceof AnswerFault)) throw error;
      this.fault = error.message;
    }
  }

  /** The server has closed the connection: an answer without a length has ended. */
  close(): void {
    if (this.#state === 'until close') this.#finish();
  }

  /** Reads one part of an answer; false where more bytes are needed. */
  #step(): boolean {
    switch (this.#state) {
      case 'head':
        return this.#readHead();
      case 'discard':
        this.#unread = Buffer.alloc(0);
        return false;
      case 'chunk size':
        return this.#readChunkSize();
      case 'length':
      case 'chunk':
        return this.#readBody();
      case 'until close':
        this.#left = this.#unread.length;
        this.#takeBody();
        return false;
      default:
        return this.#readLineAfterChunk();
    }
  }

  #readHead(): boolean {
    const text = this.#takeUntil('\r\n\r\n');
    if (text === undefined) return false;
    const method = this.#methods[this.answers.length];
    const { status, headers } = parseHead(text);
    this.#head = { status, headers };
    const { state, length } = chooseBody(this.#head, method);
    this.#state = state;
    this.#left = length;
    if (state === 'length' && length === 0) this.#finish();
    // A parser that could not read the request does not know that its method was HEAD.
    const isLastError = status >= 400 && headers.get('connection')?.toLowerCase() === 'close';
    if (method === 'HEAD' && isLastError) this.#state = 'discard';
    return true;
  }

  #readChunkSize(): boolean {
    const line = this.#takeUntil('\r\n');
    if (line === undefined) return false;
    if (!/^[0-9a-fA-F]{1,8}$/.test(line))
      throw new AnswerFault(`a chunk of size ${JSON.stringify(line.slice(0, 50))}`);
    this.#left = Number.parseInt(line, 16);
    this.#state = this.#left === 0 ? 'trailer' : 'chunk';
    return true;
  }

  #readBody(): boolean {
    if (!this.#takeBody()) return false;
    if (this.#state === 'length') this.#finish();
    else this.#state = 'chunk end';
    return true;
  }

  #readLineAfterChunk(): boolean {
    const line = this.#takeUntil('\r\n');
    if (line === undefined) return false;
    if (line !== '') throw new AnswerFault(`${JSON.stringify(line.slice(0, 50))} after a chunk`);
    if (this.#state === 'trailer') this.#finish();
    else this.#state = 'chunk size';
    return true;
  }

  /** Undefined until the end has arrived. */
  #takeUntil(end: string): string | undefined {
    const at = this.#unread.indexOf(end);
    if (at < 0 && this.#unread.length > maxLineBytes) throw new AnswerFault('a line without end');
    if (at < 0) return undefined;
    const text = this.#unread.subarray(0, at).toString('latin1');
    this.#unread = this.#unread.subarray(at + end.length);
    return text;
  }

  /** Whether all that is left of the body, or of its chunk, has arrived. */
  #takeBody(): boolean {
    const part = this.#unread.subarray(0, this.#left);
    this.#unread = this.#unread.subarray(part.length);
    this.#left -= part.length;
    if (part.length > 0) this.#parts.push(part);
    return this.#left === 0;
  }

  #finish(): void {
    if (this.#head && this.#head.status >= 200)
      this.answers.push({ ...this.#head, body: Buffer.concat(this.#parts) });
    this.#head = undefined;
    this.#parts = [];
    this.#state = 'head';
  }
}
