import { Readable } from 'node:stream';
import { fieldErrorSchema, predictionSchema, problemSchema } from '@sensor-sentinel/contracts';
import { z } from 'zod';
import type { Outgoing } from '../load/outgoing.ts';
import { type ApiClient, maxAnswerBytes, parseBody, type Reply } from './api-client.ts';

/** Rows that are sent and not answered; more are not read, so that memory is bounded. */
const maxUnanswered = 8192;

const indexed = { index: z.int().nonnegative() };
const predictionLineSchema = predictionSchema.extend({ ...indexed, replayed: z.boolean().optional() });
const lineSchema = z.union([
  predictionLineSchema,
  z.object({ ...indexed, errors: z.array(fieldErrorSchema) }),
  z.object({ ...indexed, problem: problemSchema }),
]);

export type RowAnswer =
  | { outcome: 'accepted'; prediction: z.infer<typeof predictionSchema>; isReplayed: boolean }
  | { outcome: 'conflict' | 'rejected' | 'unreadable'; detail: string };

export type Sent = { outgoing: Outgoing; sentAtMs: number };

type Posting = {
  client: ApiClient;
  /** Each chunk is written at once. None of the rows is `garbage`. */
  chunks: Iterable<readonly Outgoing[]>;
  elapsed: () => number;
  signal: AbortSignal;
  /** In the order of the rows. */
  onAnswer: (sent: Sent, answer: RowAnswer) => void;
};

/**
 * Streams rows to the API, which answers each in a line of its own while more are sent. Neither side runs ahead of the
 * other by more than a bounded number of rows. Resolves to what ended it: 200 once every row is answered; else the
 * fault, and the rows without an answer may or may not be stored.
 */
export async function postNdjson(posting: Posting): Promise<Reply> {
  const { client, signal } = posting;
  const window = createWindow();
  const lines = toBody(posting, window);
  try {
    const response = await client.postStream('/predict', { lines, signal });
    if ('unreachable' in response) return response;
    const { body, ...head } = response;
    if (head.status !== 200) return { ...head, body: await readBody(body) };
    const problem = await readAnswers(body, { posting, window });
    if (problem) return { ...head, ...problem };
    const isAll = window.count() === 0 && window.isEverySent();
    return isAll ? { ...head, body: null } : { unreachable: 'the answer ended before its last line' };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { unreachable: error.message };
  } finally {
    window.end();
    if (typeof lines !== 'string') lines.destroy();
  }
}

type Window = ReturnType<typeof createWindow>;

/** The rows that wait for their answer, oldest first. */
function createWindow() {
  let waiting: Sent[] = [];
  let first = 0;
  let answered = 0;
  let isEverySent = false;
  let isOver = false;
  let wake = () => {};
  return {
    count: () => waiting.length - first,
    /** The index that the API gives to the next answer. */
    answered: () => answered,
    isEverySent: () => isEverySent,
    allSent: () => {
      isEverySent = true;
    },
    add: (sent: Sent) => waiting.push(sent),
    take(): Sent | undefined {
      const sent = waiting[first];
      if (!sent) return undefined;
      first += 1;
      answered += 1;
      if (first >= 1024) {
        waiting = waiting.slice(first);
        first = 0;
      }
      return sent;
    },
    /** Resolves to whether more may be sent. */
    async hasRoom(): Promise<boolean> {
      while (!isOver && waiting.length - first >= maxUnanswered)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      return !isOver;
    },
    /** Tells that answers were taken. */
    poke: () => wake(),
    end: () => {
      isOver = true;
      wake();
    },
  };
}

/** A single chunk needs no stream, which costs more than its rows. */
function toBody({ chunks, elapsed }: Posting, window: Window): string | Readable {
  if (!Array.isArray(chunks) || chunks.length > 1)
    return Readable.from(toLines({ chunks, elapsed }, window), { objectMode: false });
  const text = chunks.map((chunk) => toText(chunk, { window, sentAtMs: elapsed() })).join('');
  window.allSent();
  return text;
}

async function* toLines({ chunks, elapsed }: Pick<Posting, 'chunks' | 'elapsed'>, window: Window) {
  for (const chunk of chunks) {
    if (!(await window.hasRoom())) return;
    yield toText(chunk, { window, sentAtMs: elapsed() });
  }
  window.allSent();
}

function toText(
  chunk: readonly Outgoing[],
  { window, sentAtMs }: { window: Window; sentAtMs: number },
): string {
  let text = '';
  for (const outgoing of chunk) {
    window.add({ outgoing, sentAtMs });
    text += `${JSON.stringify(outgoing.reading)}\n`;
  }
  return text;
}

type Reading = { posting: Posting; window: Window };

/** Resolves to what the API said to be the end, or to nothing. */
async function readAnswers(body: Readable, { posting, window }: Reading) {
  let rest = '';
  body.setEncoding('utf8');
  for await (const text of body as AsyncIterable<string>) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > maxAnswerBytes) throw new Error(`a line is longer than ${maxAnswerBytes} characters`);
    for (const line of lines) {
      const problem = takeLine(line, { posting, window });
      if (problem) return problem;
    }
    window.poke();
  }
  return undefined;
}

function takeLine(line: string, { posting, window }: Reading) {
  const parsed = lineSchema.safeParse(parseBody(line));
  if (parsed.success && 'problem' in parsed.data) {
    const { problem } = parsed.data;
    return { status: problem.status, body: problem };
  }
  const index = window.answered();
  if (parsed.success && parsed.data.index !== index)
    return toFault(`line ${index} has the index ${parsed.data.index}`);
  const sent = window.take();
  if (!sent) return toFault('more lines than rows');
  posting.onAnswer(sent, toRowAnswer(parsed, sent));
  return undefined;
}

/** An answer of 200 that is not what it should be: what `deliver` will not try again. */
function toFault(fault: string) {
  return { status: 200, body: { fault } };
}

function toRowAnswer(
  parsed: z.ZodSafeParseResult<z.infer<typeof lineSchema>>,
  { outgoing }: Sent,
): RowAnswer {
  if (!parsed.success)
    return { outcome: 'unreadable', detail: 'answered a line that is none of the contract' };
  const { data } = parsed;
  if ('errors' in data) return toRefusal(data.errors);
  if (!('prediction' in data))
    return { outcome: 'unreadable', detail: 'answered a line that is none of the contract' };
  const { index: _, replayed = false, ...prediction } = data;
  if (prediction.id === outgoing.reading.id.toLowerCase())
    return { outcome: 'accepted', prediction, isReplayed: replayed };
  return { outcome: 'unreadable', detail: `answered with the id ${prediction.id}` };
}

/** Our ids are well-formed: what is wrong with one is that it belongs to another reading. */
export function toRefusal(errors: readonly z.infer<typeof fieldErrorSchema>[]): RowAnswer {
  const detail = errors.map(({ path, message }) => `${path || 'body'}: ${message}`).join('; ');
  return { outcome: errors.some(({ path }) => path === 'id') ? 'conflict' : 'rejected', detail };
}

async function readBody(body: Readable): Promise<unknown> {
  let text = '';
  body.setEncoding('utf8');
  for await (const part of body as AsyncIterable<string>) {
    text += part;
    if (text.length > maxAnswerBytes) break;
  }
  return parseBody(text);
}
