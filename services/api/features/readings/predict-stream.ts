import { isUtf8 } from 'node:buffer';
import { on } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { setTimeout as delay, setImmediate as yieldToOthers } from 'node:timers/promises';
import { namesFeature } from '@sensor-sentinel/contracts';
import { toApiError, toProblem } from '../../http/answer-problem.ts';
import { ApiError } from '../../http/errors.ts';
import { decodeBody, toMalformed, toText } from '../../http/request-body.ts';
import { drained } from '../../http/write-answer.ts';
import type { CheckedReading } from './check-reading.ts';
import { checkRow, ingestRows, type PredictOptions, type RowAnswer } from './ingest-rows.ts';
import { createLineSplitter, type Line } from './split-lines.ts';

/** Batches of one stream that wait for their commit, or for the client to read their answers. */
const maxBatchesInFlight = 3;
/** Blank lines, and lines that name no feature: more of them in a row are no readings at all. */
export const maxLinesWithoutReading = 10_000;
/** How often, and after what pause, a stream asks again for room in a full queue. */
const maxQueueAttempts = 100;
const queuePauseMs = 50;
/** How long what a client still sends is thrown away after the last line, so that it can read that line. */
const lingerMs = 2000;

type RowWriter = ReturnType<typeof createRowWriter>;

/**
 * Answers NDJSON of any length line by line, in constant memory: what is not read yet waits in the client's socket.
 * The status is sent with the first answer; a fault after that is a last line with the index at which it stands.
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

/** Writes answers in the order of the lines, each under its index. */
function createRowWriter(response: ServerResponse) {
  let next = 0;
  async function write(rows: readonly object[]): Promise<void> {
    if (response.destroyed) return;
    if (!response.headersSent) response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
    const text = rows.map((row) => `${JSON.stringify({ index: next++, ...row })}\n`).join('');
    if (!response.write(text)) await drained(response);
  }
  return {
    write,
    /** Says at which line it ends, and why. */
    writeFault: (error: unknown) => write([{ problem: toProblem(toApiError(error)) }]),
  };
}

interface AnswerOptions {
  write: RowWriter['write'];
  /** Hears at once that a batch has failed, whose error this rejects with. */
  onFault: () => void;
  options: PredictOptions;
}

/** Answers batches in their order; takes no further one while too many wait, whatever they wait for. */
async function answerBatches(
  batches: AsyncIterable<readonly CheckedReading[]>,
  { write, onFault, options }: AnswerOptions,
): Promise<void> {
  const inFlight: Promise<void>[] = [];

  async function answer(rows: readonly CheckedReading[], previous: Promise<void> | undefined): Promise<void> {
    const ingested = ingestPatiently(rows, options);
    ingested.catch(() => undefined); // handled when its turn comes
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
    await inFlight.at(-1); // what was taken in is answered first, whatever ended the body
  }
}

/** A stream waits for room in the queue, as its client waits for the stream. */
async function ingestPatiently(
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

/** Checks the lines of a body in batches, as they arrive. @throws ApiError, or AbortError by the signal */
async function* readBatches(
  body: Readable,
  { options, signal }: { options: PredictOptions; signal: AbortSignal },
): AsyncGenerator<CheckedReading[]> {
  const splitter = createLineSplitter(options.maxLineBytes);
  let withoutReading = 0;

  function check(lines: readonly Line[]): CheckedReading[] {
    return lines.flatMap((line) => {
      const { checked, hasReading } = checkLine(line, options);
      withoutReading = hasReading ? 0 : withoutReading + 1;
      return checked ?? [];
    });
  }

  for await (const chunk of readChunks(body, signal)) {
    for (const lines of splitter.split(chunk, options.maxBatchReadings)) {
      yield check(lines);
      if (withoutReading > maxLinesWithoutReading) throw toPointless();
      await yieldToOthers();
    }
  }
  yield check(splitter.rest());
}

interface CheckedLine {
  /** Undefined for a blank line, which is not answered. */
  checked: CheckedReading | undefined;
  hasReading: boolean;
}

function checkLine({ bytes }: Line, options: PredictOptions): CheckedLine {
  if (bytes === undefined) return toFault(`expected a line of at most ${options.maxLineBytes} bytes`);
  if (!isUtf8(bytes)) return toFault('the line is not valid UTF-8');
  const text = toText(bytes).trim();
  if (text === '') return { checked: undefined, hasReading: false };
  try {
    const body: unknown = JSON.parse(text);
    const checked = checkRow(body, options);
    return { checked, hasReading: checked.input !== undefined || namesFeature(body) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return toFault(`the line is not valid JSON: ${error.message}`);
  }
}

function toFault(message: string): CheckedLine {
  return { checked: { errors: [{ path: '', message }] }, hasReading: false };
}

/** @throws ApiError `malformed_request`, `body_too_large`; AbortError where the signal ends it */
async function* readChunks(body: Readable, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    // As few as possible wait here: what is not read yet waits in the client's socket.
    const options = { close: ['end'], signal, highWaterMark: 1, lowWaterMark: 1 };
    for await (const [chunk] of on(body, 'data', options)) yield chunk as Buffer; // no encoding is set
  } catch (error) {
    throw signal.aborted ? error : toMalformed(error);
  }
}

function toPointless(): ApiError {
  const detail = `${maxLinesWithoutReading} lines in a row hold no reading. Send the lines from here on again once each is one.`;
  return new ApiError('validation_failed', { detail });
}

function toStopping(): ApiError {
  const detail = 'Send this line and those after it again.';
  return new ApiError('stopping', { detail });
}

/** Lets the client read the last line before its connection is closed: one that is still sending may not look before. */
function discardRest(request: IncomingMessage): void {
  if (request.complete) return;
  request.resume();
  setTimeout(() => {
    if (!request.complete) request.destroy();
  }, lingerMs).unref();
}
