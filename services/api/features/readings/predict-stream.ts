import { isUtf8 } from 'node:buffer';
import { on } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { setTimeout as delay, setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { FieldError } from '@sensor-sentinel/contracts';
import { toApiError, toProblem } from '../../http/answer-problem.ts';
import { drained } from '../../http/drained.ts';
import { ApiError } from '../../http/errors.ts';
import { decodeBody, toMalformed, toText } from '../../http/request-body.ts';
import { type CheckedReading, checkRows, hasFeature } from './check-readings.ts';
import { ingestRows, type PredictOptions, type RowAnswer } from './ingest.ts';
import { createLineSplitter, type Line } from './split-lines.ts';

/** Batches of one stream that are being committed or wait for the client to read their answers. */
const maxBatchesInFlight = 3;
/** A stream ends after this many lines in a row that are blank or have no field named like a feature. */
export const maxLinesWithoutReading = 10_000;
/** How often a stream tries to enter a full commit queue, and the pause between attempts. */
const maxQueueAttempts = 100;
const queuePauseMs = 50;
/** How long the rest of the request is discarded after the last answer, so that the client can read that answer. */
const lingerMs = 2000;

/** Answers reach the client while it sends, also behind proxies that buffer responses. */
const headers = { 'Content-Type': 'application/x-ndjson', 'X-Accel-Buffering': 'no' };

type RowWriter = ReturnType<typeof createRowWriter>;

/**
 * Answers NDJSON of any length line by line, in constant memory: unread data stays in the socket and blocks the client.
 * The status is sent with the first answer. A later error is written as the last line, with its index.
 * @throws ApiError, StorageError before the first answer
 */
export async function predictStream(
  request: IncomingMessage,
  response: ServerResponse,
  options: PredictOptions,
): Promise<void> {
  const body = decodeBody(request, options.maxDecodedBytes);
  const { write, writeFault } = createRowWriter(response);
  const ended = new AbortController();
  const onFault = () => ended.abort();
  response.once('close', onFault);
  const signal = AbortSignal.any([options.stopping, ended.signal]);
  try {
    await answerBatches(readBatches(body, { options, signal }), { write, onFault, options });
    await write([]);
  } catch (error) {
    if (response.destroyed) return;
    const fault = options.stopping.aborted ? toStopping() : error;
    if (!response.headersSent) throw fault;
    await writeFault(fault);
  } finally {
    if (body !== request) body.destroy();
    discardRest(request);
  }
  response.end();
}

/** Writes answers as NDJSON with increasing indices. */
function createRowWriter(response: ServerResponse) {
  let next = 0;
  async function write(rows: readonly object[]): Promise<void> {
    if (response.destroyed) return;
    if (!response.headersSent) response.writeHead(200, headers);
    const text = rows.map((row) => `${JSON.stringify({ index: next++, ...row })}\n`).join('');
    if (!response.write(text)) await drained(response);
  }
  return {
    write,
    /** Writes the last line: the error that ends the stream, at the index of the first unanswered line. */
    writeFault: (error: unknown) => write([{ problem: toProblem(toApiError(error)) }]),
  };
}

interface AnswerOptions {
  write: RowWriter['write'];
  /** Called immediately when a batch fails. The promise rejects with its error later. */
  onFault: () => void;
  options: PredictOptions;
}

/** Commits batches concurrently and answers them in order. Reads no further while `maxBatchesInFlight` are pending. */
async function answerBatches(
  batches: AsyncIterable<readonly CheckedReading[]>,
  { write, onFault, options }: AnswerOptions,
): Promise<void> {
  const inFlight: Promise<void>[] = [];

  async function answer(rows: readonly CheckedReading[], previous: Promise<void> | undefined): Promise<void> {
    const ingested = ingestWithRetry(rows, options);
    ingested.catch(() => undefined); // handled by the await below
    await previous;
    await write(await ingested);
  }

  try {
    for await (const rows of batches) {
      if (rows.length === 0) continue;
      const answered = answer(rows, inFlight.at(-1));
      answered.catch(onFault);
      inFlight.push(answered);
      if (inFlight.length >= maxBatchesInFlight) await inFlight.shift();
    }
  } finally {
    await inFlight.at(-1); // answers all batches that were read, even after an error
  }
}

/** Retries while the commit queue is full, which slows the client down instead of failing the stream. */
async function ingestWithRetry(
  rows: readonly CheckedReading[],
  options: PredictOptions,
): Promise<RowAnswer[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ingestRows(rows, options);
    } catch (error) {
      const isFull = error instanceof ApiError && error.code === 'overloaded';
      if (!isFull || attempt >= maxQueueAttempts) throw error;
      await delay(queuePauseMs);
    }
  }
}

/** Validates lines in batches as they arrive. @throws ApiError; AbortError if the signal is aborted */
async function* readBatches(
  body: Readable,
  { options, signal }: { options: PredictOptions; signal: AbortSignal },
): AsyncGenerator<CheckedReading[]> {
  const splitter = createLineSplitter(options.maxLineBytes);
  let withoutReading = 0;

  async function check(lines: readonly Line[]): Promise<CheckedReading[]> {
    const parsed = lines.map((line) => parseLine(line, options.maxLineBytes));
    const bodies = parsed.flatMap((line) => (line !== undefined && 'body' in line ? [line.body] : []));
    const ofBodies = (await checkRows(bodies, options)).values();
    return parsed.flatMap((line) => {
      const checked: CheckedReading | undefined =
        line !== undefined && 'body' in line ? ofBodies.next().value : line;
      const isReading = checked?.input !== undefined;
      const hasReading =
        isReading || (line !== undefined && 'body' in line && hasFeature(line.body, options));
      withoutReading = hasReading ? 0 : withoutReading + 1;
      return checked ?? [];
    });
  }

  for await (const chunk of readChunks(body, signal)) {
    for (const lines of splitter.split(chunk, options.maxBatchReadings)) {
      yield await check(lines);
      if (withoutReading > maxLinesWithoutReading) throw toNoReadings();
      await yieldToEventLoop();
    }
  }
  yield await check(splitter.rest());
}

/** The JSON of a line, or why it has none; undefined for a blank line, which gets no answer. */
type ParsedLine = { body: unknown } | { errors: FieldError[] } | undefined;

function parseLine({ bytes }: Line, maxLineBytes: number): ParsedLine {
  if (bytes === undefined) return toInvalidLine(`expected a line of at most ${maxLineBytes} bytes`);
  if (!isUtf8(bytes)) return toInvalidLine('the line is not valid UTF-8');
  const text = toText(bytes).trim();
  if (text === '') return undefined;
  try {
    return { body: JSON.parse(text) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return toInvalidLine(`the line is not valid JSON: ${error.message}`);
  }
}

function toInvalidLine(message: string): { errors: FieldError[] } {
  return { errors: [{ path: '', message }] };
}

/** The chunks of a body. @throws ApiError `malformed_request`, `body_too_large`; AbortError if the signal is aborted */
async function* readChunks(body: Readable, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    // Buffers as little as possible, so that unread data stays in the socket and blocks the client.
    const options = { close: ['end'], signal, highWaterMark: 1, lowWaterMark: 1 };
    for await (const [chunk] of on(body, 'data', options)) yield chunk as Buffer; // no encoding is set
  } catch (error) {
    throw signal.aborted ? error : toMalformed(error);
  }
}

function toNoReadings(): ApiError {
  const detail = `${maxLinesWithoutReading} lines in a row hold no reading. Fix them, and send the lines from this one on again.`;
  return new ApiError('validation_failed', { detail });
}

function toStopping(): ApiError {
  const detail = 'The API is stopping. Send this line and the following ones again.';
  return new ApiError('stopping', { detail });
}

/** Reads the rest of the request for a moment: some clients read the response only after they have sent everything. */
function discardRest(request: IncomingMessage): void {
  if (request.complete) return;
  request.resume();
  setTimeout(() => {
    if (!request.complete) request.destroy();
  }, lingerMs).unref();
}
