import { batchAnswerSchema, predictionSchema } from '@sensor-sentinel/contracts';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { ApiClient } from '../transport/api-client.ts';
import type { Deliver } from '../transport/deliver.ts';
import type { Outgoing } from './outgoing.ts';
import { type RowOutcome, toFailure, toOutcomesByIndex, unanswered } from './row-outcome.ts';

export type Settle = (outgoing: Outgoing, how: { outcome: RowOutcome; sentAtMs: number }) => void;
export type Sender = {
  client: ApiClient;
  deliver: Deliver;
  clock: Clock;
  /** Begins the time of rows that have none of their own. */
  startSettling: () => Settle;
  abort: AbortSignal;
};

type Posting<Body> = ({ data: unknown } | { text: string }) & { schema: z.ZodType<Body> };

/** One request in JSON for all rows that go together, tried until it is answered. */
export function createSendPosts({ client, deliver, clock, startSettling, abort }: Sender) {
  async function post<Body>({ schema, ...body }: Posting<Body>) {
    let sentAtMs = clock.elapsed();
    const attempt = () => {
      sentAtMs = clock.elapsed();
      return client.post('/predict', { ...body, signal: abort });
    };
    return { delivery: await deliver({ attempt, schema, signal: abort }), sentAtMs };
  }

  return {
    async sendOne(outgoing: Outgoing): Promise<void> {
      const settle = startSettling();
      const { delivery, sentAtMs } = await post({ data: outgoing.reading, schema: predictionSchema });
      const outcome: RowOutcome =
        delivery.outcome === 'accepted'
          ? { outcome: 'accepted', prediction: delivery.body, isReplayed: delivery.replayed }
          : toFailure(delivery);
      settle(outgoing, { outcome, sentAtMs });
    },

    /** No answer of 200 is the right one. */
    async sendGarbage(outgoing: Outgoing, garbage: string): Promise<void> {
      const settle = startSettling();
      const { delivery, sentAtMs } = await post({ text: garbage, schema: z.unknown() });
      const outcome: RowOutcome =
        delivery.outcome === 'accepted'
          ? { outcome: 'unreadable', detail: 'garbage was answered 200' }
          : toFailure(delivery);
      settle(outgoing, { outcome, sentAtMs });
    },

    async sendArray(batch: readonly Outgoing[]): Promise<void> {
      const settle = startSettling();
      const data = batch.map(({ reading }) => reading);
      const { delivery, sentAtMs } = await post({ data, schema: batchAnswerSchema });
      const toOutcome =
        delivery.outcome === 'accepted' ? lookUp(toOutcomesByIndex(delivery.body)) : undefined;
      const failure = delivery.outcome === 'accepted' ? unanswered : toFailure(delivery);
      batch.forEach((outgoing, index) => {
        settle(outgoing, { outcome: toOutcome?.(index) ?? failure, sentAtMs });
      });
    },
  };
}

const lookUp = (outcomes: ReadonlyMap<number, RowOutcome>) => (index: number) => outcomes.get(index);
