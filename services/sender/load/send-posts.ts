import { batchAnswerSchema, predictionSchema } from '@sensor-sentinel/contracts';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { ApiClient } from '../transport/api-client.ts';
import type { Deliver } from '../transport/deliver.ts';
import type { Times } from '../transport/exchange.ts';
import type { Outgoing } from './outgoing.ts';
import { type RowOutcome, toFailure, toOutcomesByIndex, unanswered } from './row-outcome.ts';

/** By `clock.elapsed()`. A row that has no time of its own counts from when it began. */
export type SettleTimes = { beganAtMs: number; sentAtMs: number; answeredAtMs: number };
export type Settle = (outgoing: Outgoing, how: { outcome: RowOutcome; times: SettleTimes }) => void;
export type Sender = {
  client: ApiClient;
  deliver: Deliver;
  clock: Clock;
  settle: Settle;
  abort: AbortSignal;
};

type Posting<Body> = ({ data: unknown } | { text: string }) & { schema: z.ZodType<Body> };

/** One request in JSON for all rows that go together, tried until it is answered. */
export function createSendPosts({ client, deliver, clock, settle, abort }: Sender) {
  async function post<Body>({ schema, ...body }: Posting<Body>) {
    const startedAtMs = clock.elapsed();
    let attempts = 0;
    let last: Times | undefined;
    const attempt = async () => {
      attempts += 1;
      const reply = await client.post('/predict', { ...body, signal: abort });
      last = 'unreachable' in reply ? undefined : reply.times;
      return reply;
    };
    const delivery = await deliver({ attempt, schema, signal: abort });
    const { sentAtMs, answeredAtMs } = last ?? { sentAtMs: startedAtMs, answeredAtMs: clock.elapsed() };
    // What goes out at once begins where the socket takes it, which is later than here by what others compute.
    const times = { beganAtMs: attempts === 1 ? sentAtMs : startedAtMs, sentAtMs, answeredAtMs };
    return { delivery, times };
  }

  return {
    async sendOne(outgoing: Outgoing): Promise<void> {
      const { delivery, times } = await post({ data: outgoing.reading, schema: predictionSchema });
      const outcome: RowOutcome =
        delivery.outcome === 'accepted'
          ? { outcome: 'accepted', prediction: delivery.body, isReplayed: delivery.replayed }
          : toFailure(delivery);
      settle(outgoing, { outcome, times });
    },

    /** No answer of 200 is the right one. */
    async sendGarbage(outgoing: Outgoing, garbage: string): Promise<void> {
      const { delivery, times } = await post({ text: garbage, schema: z.unknown() });
      const outcome: RowOutcome =
        delivery.outcome === 'accepted'
          ? { outcome: 'unreadable', detail: 'garbage was answered 200' }
          : toFailure(delivery);
      settle(outgoing, { outcome, times });
    },

    async sendArray(batch: readonly Outgoing[]): Promise<void> {
      const data = batch.map(({ reading }) => reading);
      const { delivery, times } = await post({ data, schema: batchAnswerSchema });
      const toOutcome =
        delivery.outcome === 'accepted' ? lookUp(toOutcomesByIndex(delivery.body)) : undefined;
      const failure = delivery.outcome === 'accepted' ? unanswered : toFailure(delivery);
      batch.forEach((outgoing, index) => {
        settle(outgoing, { outcome: toOutcome?.(index) ?? failure, times });
      });
    },
  };
}

const lookUp = (outcomes: ReadonlyMap<number, RowOutcome>) => (index: number) => outcomes.get(index);
