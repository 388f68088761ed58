import { Readable } from 'node:stream';
import { fieldErrorSchema, predictionSchema, problemSchema } from '@sensor-sentinel/contracts';
import { z } from 'zod';
import type { Reply } from './deliver.ts';
import type { Outgoing, RowAnswer } from './outgoing.ts';
import { maxAnswerBytes, type PredictClient, parseBody } from './predict-client.ts';

/** Rows that may be sent and not answered; no more are read, so that memory is bounded. */
const maxUnanswered = 8192;
/** Rows that are written together. */
const chunkRows = 500;

const indexed = { index: z.int().nonnegative() };
const predictionLineSchema = predictionSchema.extend({ ...indexed, duplicate: z.boolean().optional() });
const lineSchema = z.union([
  predictionLineSchema,
  z.object({ ...indexed, errors: z.array(fieldErrorSchema) }),
  z.object({ ...indexed, problem: problemSchema }),
]);

export interface Sent {
  outgoing: Outgoing;
  sentAtMs: number;
}

interface NdjsonRequest {
  client: PredictClient;
  /** Without garbage. */
  rows: readonly Outgoing[];
  elapsed: () => number;
  /** Called in the order of the rows. */
  onAnswer: (sent: Sent, answer: RowAnswer) => void;
}

/**
 * Streams rows to the API, which answers each with a line of its own while more are sent. Neither side gets ahead of the
 * other by more than a bounded number of rows. The reply has status 200 if every row is answered; otherwise the rows
 * without an answer may or may not be stored.
 */
export async function postNdjson({ client, rows, elapsed, onAnswer }: NdjsonRequest): Promise<Reply> {
  const unanswered = createUnansweredRows();
  const lines = toRequestBody({ rows, elapsed, unanswered });
  try {
    const { head, body } = await client.postLines(lines);
    if (head.status !== 200) return { ...head, body: parseBody(await body.text()) };
    const problem = await readAnswers({ body, unanswered, onAnswer });
    if (problem) return { ...head, ...problem };
    const isComplete = unanswered.answered() === rows.length;
    return isComplete ? { ...head, body: null } : { unreachable: 'the answer ended before its last line' };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return client.toUnreachable(error);
  } finally {
    unanswered.close();
    if (typeof lines !== 'string') lines.destroy();
  }
}

type UnansweredRows = ReturnType<typeof createUnansweredRows>;

/** The rows that wait for their answers, oldest first. */
function createUnansweredRows() {
  let waiting: Sent[] = [];
  let first = 0;
  let answered = 0;
  let isClosed = false;
  let wake = () => {};
  return {
    /** Also the index that the API gives the next answer. */
    answered: () => answered,
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
    /** Waits until more rows may be sent. Resolves to false once closed. */
    async hasRoom(): Promise<boolean> {
      while (!isClosed && waiting.length - first >= maxUnanswered)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      return !isClosed;
    },
    /** Lets `hasRoom` look again. */
    notify: () => wake(),
    close: () => {
      isClosed = true;
      wake();
    },
  };
}

interface RequestBody {
  rows: readonly Outgoing[];
  elapsed: () => number;
  unanswered: UnansweredRows;
}

/** One chunk is sent as text: a stream would cost more than its rows. */
function toRequestBody(request: RequestBody): string | Readable {
  const { rows, elapsed, unanswered } = request;
  if (rows.length <= chunkRows) return toLines(rows, unanswered, elapsed());
  return Readable.from(toChunks(request), { objectMode: false });
}

async function* toChunks({ rows, elapsed, unanswered }: RequestBody): AsyncGenerator<string> {
  for (let from = 0; from < rows.length; from += chunkRows) {
    if (!(await unanswered.hasRoom())) return;
    yield toLines(rows.slice(from, from + chunkRows), unanswered, elapsed());
  }
}

function toLines(rows: readonly Outgoing[], unanswered: UnansweredRows, sentAtMs: number): string {
  let text = '';
  for (const outgoing of rows) {
    unanswered.add({ outgoing, sentAtMs });
    text += `${JSON.stringify(outgoing.reading)}\n`;
  }
  return text;
}

interface Answering {
  unanswered: UnansweredRows;
  onAnswer: NdjsonRequest['onAnswer'];
}

/** Resolves to the problem that ended the answer early, if there is one. */
async function readAnswers({ body, unanswered, onAnswer }: Answering & { body: Readable }) {
  let rest = '';
  body.setEncoding('utf8');
  for await (const text of body as AsyncIterable<string>) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > maxAnswerBytes) throw new Error(`a line is longer than ${maxAnswerBytes} characters`);
    for (const line of lines) {
      const problem = readLine(line, { unanswered, onAnswer });
      if (problem) return problem;
    }
    unanswered.notify();
  }
  return undefined;
}

function readLine(line: string, { unanswered, onAnswer }: Answering) {
  const parsed = lineSchema.safeParse(parseBody(line));
  if (parsed.success && 'problem' in parsed.data) {
    const { problem } = parsed.data;
    return { status: problem.status, body: problem };
  }
  const index = unanswered.answered();
  if (parsed.success && parsed.data.index !== index)
    return toFault(`line ${index} has the index ${parsed.data.index}`);
  const sent = unanswered.take();
  if (!sent) return toFault('more lines than rows');
  onAnswer(sent, toRowAnswer(parsed.data, sent));
  return undefined;
}

/** Status 200 with a body that breaks the contract, which is not retried. */
function toFault(fault: string) {
  return { status: 200, body: { fault } };
}

function toRowAnswer(line: z.infer<typeof lineSchema> | undefined, { outgoing }: Sent): RowAnswer {
  if (line && 'errors' in line) return toRefusal(line.errors);
  if (!line || !('prediction' in line))
    return { outcome: 'unreadable', detail: 'answered with a line that breaks the contract' };
  const { index: _, duplicate = false, ...prediction } = line;
  if (prediction.id === outgoing.reading.id.toLowerCase())
    return { outcome: 'accepted', prediction, isDuplicate: duplicate };
  return { outcome: 'unreadable', detail: `answered with the id ${prediction.id}` };
}

/** Ids of the sender are well-formed, so a fault of an id means that another reading has it. */
export function toRefusal(errors: readonly z.infer<typeof fieldErrorSchema>[]): RowAnswer {
  const detail = errors.map(({ path, message }) => `${path || 'body'}: ${message}`).join('; ');
  return { outcome: errors.some(({ path }) => path === 'id') ? 'conflict' : 'rejected', detail };
}
