import { type BatchAnswer, batchAnswerSchema, predictionSchema } from '@sensor-sentinel/contracts';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { createDeliver, type Deliver, type Delivery, type Reply } from './deliver.ts';
import type { Measures } from './measures.ts';
import type { Outgoing, RowOutcome, Settled } from './outgoing.ts';
import { postNdjson, toRefusal } from './post-ndjson.ts';
import type { PredictClient, Times } from './predict-client.ts';

export interface SendOptions {
  client: PredictClient;
  format: 'json' | 'ndjson';
  measures: Measures;
  clock: Clock;
  random: () => number;
  onRetry: (reason: string) => void;
  onSettled: (settled: Settled) => void;
  abort: AbortSignal;
}

/** `beganAtMs` is when latency begins to count for rows without a due time. */
type SettleTimes = Times & { beganAtMs: number };

interface SendContext {
  client: PredictClient;
  deliver: Deliver;
  elapsed: () => number;
  settle: (outgoing: Outgoing, outcome: RowOutcome, times: SettleTimes) => void;
  abort: AbortSignal;
}

/** Sends rows in one request, retries it as needed and settles each row. Resolves whatever the answers are. */
export function createSendRows({ measures, onRetry, onSettled, ...options }: SendOptions) {
  const { client, format, clock, random, abort } = options;
  const deliver = createDeliver({
    clock,
    random,
    onRetry: (reason, status) => {
      measures.retry(status);
      onRetry(reason);
    },
  });
  const settle: SendContext['settle'] = (outgoing, outcome, { beganAtMs, sentAtMs, answeredAtMs }) => {
    const settled: Settled = { outgoing, ...outcome };
    measures.settle(settled, { intendedAtMs: outgoing.dueAtMs ?? beganAtMs, sentAtMs, answeredAtMs });
    onSettled(settled);
  };
  const context: SendContext = { client, deliver, elapsed: clock.elapsed, settle, abort };

  return (rows: readonly Outgoing[]): Promise<void> => {
    const [first] = rows;
    if (first === undefined) return Promise.resolve();
    if (first.garbage !== undefined) return sendGarbage(context, first, first.garbage);
    if (format === 'ndjson') return sendLines(context, rows);
    return rows.length === 1 ? sendOne(context, first) : sendArray(context, rows);
  };
}

async function sendOne(context: SendContext, outgoing: Outgoing): Promise<void> {
  const { delivery, times } = await postJson(context, JSON.stringify(outgoing.reading), predictionSchema);
  const outcome: RowOutcome =
    delivery.outcome === 'accepted'
      ? { outcome: 'accepted', prediction: delivery.body, isDuplicate: delivery.isDuplicate }
      : toFailure(delivery);
  context.settle(outgoing, outcome, times);
}

async function sendGarbage(context: SendContext, outgoing: Outgoing, garbage: string): Promise<void> {
  const { delivery, times } = await postJson(context, garbage, z.unknown());
  const outcome: RowOutcome =
    delivery.outcome === 'accepted'
      ? { outcome: 'unreadable', detail: 'garbage was answered 200' }
      : toFailure(delivery);
  context.settle(outgoing, outcome, times);
}

async function sendArray(context: SendContext, rows: readonly Outgoing[]): Promise<void> {
  const body = JSON.stringify(rows.map(({ reading }) => reading));
  const { delivery, times } = await postJson(context, body, batchAnswerSchema);
  const isAccepted = delivery.outcome === 'accepted';
  const answers = isAccepted ? toOutcomesByIndex(delivery.body) : undefined;
  const failure = isAccepted ? noAnswer : toFailure(delivery);
  for (const [index, outgoing] of rows.entries())
    context.settle(outgoing, answers?.get(index) ?? failure, times);
}

/** Settles each row by its own line of the answer; a retry sends only the rows that have none. */
async function sendLines(
  { client, deliver, elapsed, settle, abort }: SendContext,
  rows: readonly Outgoing[],
) {
  const beganAtMs = elapsed();
  const toTimes = (sentAtMs: number) => ({ beganAtMs, sentAtMs, answeredAtMs: elapsed() });
  let left = rows;
  async function attempt(): Promise<Reply> {
    if (left.length === 0) return { status: 200, body: null, isDuplicate: false, retryAfterMs: undefined };
    let answered = 0;
    const reply = await postNdjson({
      client,
      rows: left,
      elapsed,
      onAnswer: ({ outgoing, sentAtMs }, answer) => {
        answered += 1;
        settle(outgoing, answer, toTimes(sentAtMs));
      },
    });
    left = left.slice(answered);
    return reply;
  }
  const delivery = await deliver({ attempt, schema: z.null(), signal: abort });
  const outcome = delivery.outcome === 'accepted' ? noAnswer : toFailure(delivery);
  for (const outgoing of left) settle(outgoing, outcome, toTimes(elapsed()));
}

async function postJson<Body>(
  { client, deliver, elapsed, abort }: SendContext,
  text: string,
  schema: z.ZodType<Body>,
) {
  const startedAtMs = elapsed();
  let attempts = 0;
  let last: Times | undefined;
  const attempt = async () => {
    attempts += 1;
    const reply = await client.post(text);
    last = 'unreachable' in reply ? undefined : reply.times;
    return reply;
  };
  const delivery = await deliver({ attempt, schema, signal: abort });
  const { sentAtMs, answeredAtMs } = last ?? { sentAtMs: startedAtMs, answeredAtMs: elapsed() };
  // A first attempt begins when its connection takes it; before that, other rows may have used the processor.
  const times: SettleTimes = { beganAtMs: attempts === 1 ? sentAtMs : startedAtMs, sentAtMs, answeredAtMs };
  return { delivery, times };
}

const noAnswer: RowOutcome = { outcome: 'unreadable', detail: 'answered 200, but not for this row' };

/** The outcome of every row of a request that failed as a whole. */
function toFailure(delivery: Exclude<Delivery<unknown>, { outcome: 'accepted' }>): RowOutcome {
  if (delivery.outcome === 'unfinished') return { outcome: 'unfinished' };
  const { outcome, detail, status } = delivery;
  return { outcome: status === 409 ? 'conflict' : outcome, detail };
}

function toOutcomesByIndex({ results, rejected }: BatchAnswer): ReadonlyMap<number, RowOutcome> {
  const outcomes = new Map<number, RowOutcome>();
  for (const { index, duplicate = false, replayed: _, ...prediction } of results)
    outcomes.set(index, { outcome: 'accepted', prediction, isDuplicate: duplicate });
  for (const { index, errors } of rejected) outcomes.set(index, toRefusal(errors));
  return outcomes;
}
