import {
  type AckAnswer,
  type AckRequest,
  ackAnswerSchema,
  type LeaseAnswer,
  type LeaseRequest,
  leaseAnswerSchema,
} from '@sensor-sentinel/contracts';
import { z } from 'zod';
import type { ApiClient } from '../transport/api-client.ts';
import type { Deliver } from '../transport/deliver.ts';

/** The API will not have this replay: the file, the name or the settings are not what they were. */
export class ReplayFault extends Error {}

type ReplayClientOptions = {
  client: ApiClient;
  deliver: Deliver;
  onAnswer: () => void;
  /** Of the replay. */
  name: string;
  request: Omit<LeaseRequest, 'rows'>;
};
type Acked = { state: 'kept'; said: AckRequest; answer: AckAnswer } | { state: 'lost'; reason: string };

export type ReplayClient = ReturnType<typeof createReplayClient>;

/** Every request is tried until it is answered, or its signal is aborted: then the answer is undefined. */
export function createReplayClient({ client, deliver, onAnswer, name, request }: ReplayClientOptions) {
  const path = `/replays/${name}`;
  return {
    name,
    /** @throws ReplayFault */
    async lease(rows: number, signal: AbortSignal): Promise<LeaseAnswer | undefined> {
      const delivery = await deliver({
        attempt: () => client.post(`${path}/lease`, { data: { ...request, rows }, signal }),
        schema: leaseAnswerSchema,
        signal,
      });
      if (delivery.outcome === 'unfinished') return undefined;
      onAnswer();
      if (delivery.outcome !== 'accepted') throw new ReplayFault(`the replay ${name}: ${delivery.detail}`);
      return delivery.body;
    },
    /** What is said is asked for anew for each attempt. */
    async ack(toAck: () => Omit<AckRequest, 'sender'>, signal: AbortSignal): Promise<Acked | undefined> {
      let said: AckRequest = { ...toAck(), sender: request.sender };
      const attempt = () => {
        said = { ...toAck(), sender: request.sender };
        return client.post(`${path}/ack`, { data: said, signal });
      };
      const delivery = await deliver({ attempt, schema: ackAnswerSchema, signal });
      if (delivery.outcome === 'unfinished') return undefined;
      onAnswer();
      if (delivery.outcome === 'accepted') return { state: 'kept', said, answer: delivery.body };
      return { state: 'lost', reason: delivery.detail };
    },
  };
}

type Forgetting = Pick<ReplayClientOptions, 'client' | 'deliver' | 'name'> & { stop: AbortSignal };

/** Nothing is known of the replay after this; the readings stay. @throws ReplayFault */
export async function forgetReplay({ client, deliver, name, stop }: Forgetting): Promise<void> {
  const delivery = await deliver({
    attempt: () => client.delete(`/replays/${name}`, stop),
    schema: z.unknown(),
    signal: stop,
  });
  const isGone = delivery.outcome !== 'rejected' || delivery.status === 404 || delivery.status === 204;
  if (!isGone) throw new ReplayFault(`the replay ${name}: ${delivery.detail}`);
}
