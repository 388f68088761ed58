import { type BatchAnswer, batchAnswerSchema, predictionSchema } from '@sensor-sentinel/contracts';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { OutageLog } from '../log.ts';
import type { Measures } from './measures.ts';
import type { Outgoing, RowOutcome, Settled } from './outgoing.ts';
import { postNdjson, toRefusal } from './post-ndjson.ts';
import type { PredictClient, Times } from './predict-client.ts';
import { type Delivery, isFinal, type Reply, toDelivery, waitForRetry } from './retry.ts';

export interface SendOptions {
  client: PredictClient;
  format: 'json' | 'ndjson';
  measures: Measures;
  clock: Clock;
  random: () => number;
  outages: OutageLog;
  onSettled: (settled: Settled) => void;
  /** Ends retries. */
  abort: AbortSignal;
}

/** Sends rows in one request, retries it as needed and settles each row. Resolves whatever the answers are. */
export async function sendRows(rows: readonly Outgoing[], options: SendOptions): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  if (first.garbage !== undefined) await sendGarbage(first, first.garbage, options);
  else if (options.format === 'ndjson') await sendLines(rows, options);
  else if (rows.length === 1) await sendOne(first, options);
  else await sendArray(rows, options);
}

async function sendOne(outgoing: Outgoing, options: SendOptions): Promise<void> {
  const { delivery, times } = await postJson(JSON.stringify(outgoing.reading), predictionSchema, options);
  const outcome: RowOutcome =
    delivery.outcome === 'accepted'
      ? { outcome: 'accepted', prediction: delivery.body, isDuplicate: delivery.isDuplicate }
      : toFailure(delivery);
  settle({ outgoing, ...outcome }, times, options);
}

async function sendGarbage(outgoing: Outgoing, garbage: string, options: SendOptions): Promise<void> {
  const { delivery, times } = await postJson(garbage, z.unknown(), options);
  const outcome: RowOutcome =
    delivery.outcome === 'accepted'
      ? { outcome: 'unreadable', detail: 'garbage was answered 200' }
      : toFailure(delivery);
  settle({ outgoing, ...outcome }, times, options);
}

async function sendArray(rows: readonly Outgoing[], options: SendOptions): Promise<void> {
  const body = JSON.stringify(rows.map(({ reading }) => reading));
  const { delivery, times } = await postJson(body, batchAnswerSchema, options);
  const isAccepted = delivery.outcome === 'accepted';
  const answers = isAccepted ? toOutcomesByIndex(delivery.body) : undefined;
  const failure = isAccepted ? noAnswer : toFailure(delivery);
  for (const [index, outgoing] of rows.entries())
    settle({ outgoing, ...(answers?.get(index) ?? failure) }, times, options);
}

/** Settles each row by its own line of the answer; a retry sends only the rows that have none. */
async function sendLines(rows: readonly Outgoing[], options: SendOptions): Promise<void> {
  const { client, clock } = options;
  const beganAtMs = clock.elapsed();
  let left = rows;
  for (let attempts = 1; ; attempts += 1) {
    const sentAtMs = clock.elapsed();
    const toTimes = () => ({ beganAtMs, sentAtMs, answeredAtMs: clock.elapsed() });
    let answered = 0;
    const reply = await postNdjson(client, left, (outgoing, answer) => {
      answered += 1;
      settle({ outgoing, ...answer }, toTimes(), options);
    });
    left = left.slice(answered);
    if (left.length === 0) return;
    const delivery = await toDeliveryOrRetry(reply, { attempts, schema: z.null(), options });
    if (delivery === undefined) continue;
    const outcome = delivery.outcome === 'accepted' ? noAnswer : toFailure(delivery);
    for (const outgoing of left) settle({ outgoing, ...outcome }, toTimes(), options);
    return;
  }
}

/** `beganAtMs` is when latency begins to count for rows without a due time. */
type SettleTimes = Times & { beganAtMs: number };

/** Posts JSON until there is a final answer, or it is aborted. */
export async function postJson<Body>(text: string, schema: z.ZodType<Body>, options: SendOptions) {
  const { client, clock } = options;
  const startedAtMs = clock.elapsed();
  for (let attempts = 1; ; attempts += 1) {
    const reply = await client.post(text);
    const delivery = await toDeliveryOrRetry(reply, { attempts, schema, options });
    if (delivery === undefined) continue;
    const { sentAtMs, answeredAtMs } =
      'unreachable' in reply ? { sentAtMs: startedAtMs, answeredAtMs: clock.elapsed() } : reply.times;
    // A first attempt begins when its connection takes it; before that, other rows may have used the processor.
    const beganAtMs = attempts === 1 ? sentAtMs : startedAtMs;
    const times: SettleTimes = { beganAtMs, sentAtMs, answeredAtMs };
    return { delivery, times };
  }
}

interface Attempt<Body> {
  attempts: number;
  schema: z.ZodType<Body>;
  options: SendOptions;
}

/** Resolves to undefined when the request is to be sent again. */
async function toDeliveryOrRetry<Body>(
  reply: Reply,
  { attempts, schema, options }: Attempt<Body>,
): Promise<Delivery<Body> | undefined> {
  const { measures, clock, random, outages, abort } = options;
  if (isFinal(reply, attempts)) return toDelivery(reply, schema);
  if (!abort.aborted) measures.retry(reply);
  const isAgain = await waitForRetry({ reply, attempts, clock, random, outages, abort });
  return isAgain ? undefined : { outcome: 'unfinished' };
}

/** Whether the API refused a reading only because its model needs the values that are missing. */
function lacksNeededValues(settled: Settled): boolean {
  if (settled.outcome !== 'rejected' || settled.outgoing.garbage !== undefined) return false;
  const { outgoing, paths = [] } = settled;
  return paths.length > 0 && paths.every((path) => outgoing.reading[path] === null);
}

function settle(answered: Settled, times: SettleTimes, { measures, onSettled }: SendOptions): void {
  const { beganAtMs, sentAtMs, answeredAtMs } = times;
  const settled: Settled = lacksNeededValues(answered)
    ? { outgoing: answered.outgoing, outcome: 'skipped' }
    : answered;
  const intendedAtMs = settled.outgoing.dueAtMs ?? beganAtMs;
  measures.settle(settled, { intendedAtMs, sentAtMs, answeredAtMs });
  onSettled(settled);
}

const noAnswer: RowOutcome = { outcome: 'unreadable', detail: 'answered 200, but not for this row' };

/** The outcome of every row of a request that failed as a whole. */
function toFailure(delivery: Exclude<Delivery<unknown>, { outcome: 'accepted' }>): RowOutcome {
  if (delivery.outcome === 'unfinished') return { outcome: 'unfinished' };
  const { outcome, detail, status, isLimit = false, paths = [] } = delivery;
  return { outcome: status === 409 && !isLimit ? 'conflict' : outcome, detail, paths };
}

function toOutcomesByIndex({ results, rejected }: BatchAnswer): ReadonlyMap<number, RowOutcome> {
  const outcomes = new Map<number, RowOutcome>();
  for (const { index, duplicate = false, replayed: _, ...prediction } of results)
    outcomes.set(index, { outcome: 'accepted', prediction, isDuplicate: duplicate });
  for (const { index, errors } of rejected) outcomes.set(index, toRefusal(errors));
  return outcomes;
}
