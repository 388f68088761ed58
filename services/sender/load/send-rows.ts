import type { Clock, Sleep } from '../clock.ts';
import type { Measures } from '../report/measures.ts';
import type { ApiClient } from '../transport/api-client.ts';
import { createDeliver } from '../transport/deliver.ts';
import type { Outgoing, Settled } from './outgoing.ts';
import { createSendLines } from './send-lines.ts';
import { createSendPosts, type Settle } from './send-posts.ts';

export type SendFormat = 'json' | 'ndjson';

export type Sending = {
  client: ApiClient;
  format: SendFormat;
  clock: Clock;
  sleep: Sleep;
  random: () => number;
  measures: Measures;
  /** Told why something is tried again. */
  onRetry?: (reason: string) => void;
  onSettled: (settled: Settled) => void;
  /** Cuts off what is in flight. */
  abort: AbortSignal;
};

/** Delivers rows that go together, and settles each of them; whatever the answers, it resolves. */
export function createSendRows({ format, measures, onRetry, onSettled, ...sending }: Sending) {
  const deliver = createDeliver({
    ...sending,
    onRetry: (reason, status) => {
      measures.retry(status);
      onRetry?.(reason);
    },
  });
  const settle: Settle = (outgoing, { outcome, times: { beganAtMs, sentAtMs, answeredAtMs } }) => {
    const settled: Settled = { outgoing, ...outcome };
    measures.settle(settled, { intendedAtMs: outgoing.dueAtMs ?? beganAtMs, sentAtMs, answeredAtMs });
    onSettled(settled);
  };
  const sender = { ...sending, deliver, settle };
  const { sendOne, sendGarbage, sendArray } = createSendPosts(sender);
  const sendLines = createSendLines(sender);

  return (batch: readonly Outgoing[]): Promise<void> => {
    const [first] = batch;
    if (first === undefined) return Promise.resolve();
    if (first.garbage !== undefined) return sendGarbage(first, first.garbage);
    if (format === 'ndjson') return sendLines(batch);
    return batch.length === 1 ? sendOne(first) : sendArray(batch);
  };
}
