import {
  type AckAnswer,
  type AckRequest,
  ackAnswerSchema,
  type LeaseAnswer,
  type LeaseRequest,
  leaseAnswerSchema,
} from '@sensor-sentinel/contracts';
import { z } from 'zod';
import type { ControlClient } from './control-client.ts';

/** The API refuses the replay: its file, its name or its settings do not match. */
export class ReplayFault extends Error {}

interface ReplayClientOptions {
  control: ControlClient;
  /** The name of the replay. */
  name: string;
  terms: Omit<LeaseRequest, 'rows'>;
}

export type AckResult = { state: 'kept'; answer: AckAnswer } | { state: 'lost'; reason: string };

export type ReplayClient = ReturnType<typeof createReplayClient>;

/** Leases and acks of one replay. Resolves to undefined where the signal is aborted before an answer. */
export function createReplayClient({ control, name, terms }: ReplayClientOptions) {
  return {
    /** @throws ReplayFault */
    async lease(rows: number, signal: AbortSignal): Promise<LeaseAnswer | undefined> {
      const delivery = await control.send({
        method: 'post',
        url: `/replays/${name}/lease`,
        toData: () => ({ ...terms, rows }),
        schema: leaseAnswerSchema,
        signal,
      });
      if (delivery.outcome === 'unfinished') return undefined;
      if (delivery.outcome !== 'accepted') throw new ReplayFault(`replay ${name}: ${delivery.detail}`);
      return delivery.body;
    },
    async ack(toAck: () => Omit<AckRequest, 'sender'>, signal: AbortSignal): Promise<AckResult | undefined> {
      const delivery = await control.send({
        method: 'post',
        url: `/replays/${name}/ack`,
        toData: (): AckRequest => ({ ...toAck(), sender: terms.sender }),
        schema: ackAnswerSchema,
        signal,
      });
      if (delivery.outcome === 'unfinished') return undefined;
      if (delivery.outcome === 'accepted') return { state: 'kept', answer: delivery.body };
      return { state: 'lost', reason: delivery.detail };
    },
  };
}

interface ForgetOptions {
  control: ControlClient;
  name: string;
  signal: AbortSignal;
}

/** Deletes the progress of a replay; its readings stay stored. @throws ReplayFault */
export async function forgetReplay({ control, name, signal }: ForgetOptions): Promise<void> {
  const delivery = await control.send({
    method: 'delete',
    url: `/replays/${name}`,
    schema: z.unknown(),
    signal,
  });
  const isForgotten = delivery.outcome !== 'rejected' || delivery.status === 404 || delivery.status === 204;
  if (!isForgotten) throw new ReplayFault(`replay ${name}: ${delivery.detail}`);
}
