import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiError } from '../errors.ts';
import { toApiError, toProblem } from './answer-problem.ts';
import type { Checked } from './check-reading.ts';
import { checkRow, ingestRows, type RowAnswer } from './ingest-rows.ts';
import type { PredictOptions } from './predict-options.ts';
import { decodeBody, toMalformed, toText } from './request-body.ts';
import { createLineSplitter, type Line } from './split-lines.ts';

/** Batches of one stream that wait for their commit while the next lines are read. */
const maxBatchesInFlight = 3;
/** How often, and after what pause, a stream asks again for room in a full queue. */
const maxQueueAttempts = 100;
const queuePauseMs = 50;
/** How long what a client still sends is thrown away after the last line, so that it can read that line. */
const lingerMs = 2000;

function toFault(message: string): Checked {
  return { errors: [{ path: '', message }] };
}

/** Undefined for a blank line. */
function checkLine({ bytes }: Line, options: PredictOptions): Checked | undefined {
  if (bytes === undefined) return toFault(`expected a line of at most ${options.maxLineBytes} bytes`);
  const text = toText(bytes).trim();
  if (text === '') return undefined;
  try {
    return checkRow(JSON.parse(text), options);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return toFault(`the line is not valid JSON: ${error.message}`);
  }
}

/** A stream waits for room in the queue, as its client waits for the stream. */
async function ingestPatiently(rows: readonly Checked[], options: PredictOptions): Promise<RowAnswer[]> {
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

/** Resolves once the client has read enough for more to be written, or is gone. */
async function drained(response: ServerResponse): Promise<void> {
  const settled = new AbortController();
  const { signal } = settled;
  await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]);
  settled.abort();
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

function endGently(request: IncomingMessage, response: ServerResponse): void {
  response.end();
  if (request.complete) return;
  request.resume();
  setTimeout(() => request.destroy(), lingerMs).unref();
}

/** Takes lines in, and has their answers written in order; reads no further while too many of them wait. */
function createLineAnswerer(
  { body, write }: { body: Readable; write: (rows: readonly RowAnswer[]) => Promise<void> },
  options: PredictOptions,
) {
  let inFlight = 0;
  let answered: Promise<void> = Promise.resolve();

  async function answer(rows: readonly Checked[], previous: Promise<void>): Promise<void> {
    const ingested = ingestPatiently(rows, options);
    ingested.catch(() => undefined); // is told when its turn comes
    await previous;
    await write(await ingested);
    inFlight -= 1;
    if (inFlight < maxBatchesInFlight) body.resume();
  }

  return {
    /** Resolves once all lines up to these are answered. */
    take(lines: readonly Line[]): Promise<void> {
      for (let start = 0; start < lines.length; start += options.maxBatchReadings) {
        const batch = lines.slice(start, start + options.maxBatchReadings);
        inFlight += 1;
        answered = answer(
          batch.flatMap((line) => checkLine(line, options) ?? []),
          answered,
        );
      }
      if (inFlight >= maxBatchesInFlight) body.pause();
      return answered;
    },
    /** Resolves once nothing is under way any more. */
    settled: () => answered.catch(() => undefined),
  };
}

type LineAnswerer = ReturnType<typeof createLineAnswerer>;

function toStopping(): ApiError {
  const detail = 'Send this line and those after it again.';
  return new ApiError('stopping', { detail, headers: { 'Retry-After': '1' } });
}

/** Resolves once every line of the body is answered. */
function answerBody(body: Readable, { take }: LineAnswerer, options: PredictOptions): Promise<void> {
  const splitter = createLineSplitter(options.maxLineBytes);
  const ended = new AbortController();
  return new Promise<void>((resolve, reject) => {
    const stop = () => reject(toStopping());
    if (options.stopping.aborted) stop();
    options.stopping.addEventListener('abort', stop, { signal: ended.signal });
    body.on('data', (chunk: Buffer) => {
      take(splitter.split(chunk)).catch(reject);
    });
    body.once('end', () => {
      take(splitter.rest()).then(resolve, reject);
    });
    body.once('error', (error) => reject(toMalformed(error)));
  }).finally(() => {
    ended.abort();
    body.removeAllListeners('data').pause();
  });
}

/**
 * Answers NDJSON of any length line by line, in constant memory: what is not read yet waits in the client's socket.
 * The status is sent with the first answer; a fault after that is a last line with the index at which it stands.
 */
export async function predictStream(
  request: IncomingMessage,
  response: ServerResponse,
  options: PredictOptions,
): Promise<void> {
  const body = decodeBody(request);
  const { write, writeFault } = createRowWriter(response);
  const answerer = createLineAnswerer({ body, write }, options);
  try {
    await answerBody(body, answerer, options);
    await write([]);
  } catch (error) {
    await answerer.settled();
    if (response.destroyed) return;
    if (!response.headersSent) throw error;
    await writeFault(error);
  }
  endGently(request, response);
}
