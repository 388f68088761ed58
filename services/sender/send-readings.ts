import {
  type BatchAnswer,
  batchAnswerSchema,
  type Prediction,
  predictionSchema,
  type ReadingInput,
} from '@sensor-sentinel/contracts';
import type { ApiClient } from './api-client.ts';
import type { Log } from './bounded-log.ts';
import type { Clock } from './clock.ts';
import type { Counts } from './counts.ts';
import type { Deliver, Delivery } from './deliver.ts';

/** The id is made once, before the first attempt, so that no further attempt stores the reading twice. */
export type Outgoing = { reading: ReadingInput & { id: string }; line: number };

type Sending = {
  client: ApiClient;
  deliver: Deliver;
  counts: Counts;
  clock: Clock;
  file: string;
  logRejected: Log;
  /** Cuts off what is in flight. */
  abort: AbortSignal;
};
export type SendReadings = ReturnType<typeof createSendReadings>;

export function createSendReadings({ client, deliver, counts, clock, file, logRejected, abort }: Sending) {
  /** Delivers and counts; whatever the answer, it resolves. */
  async function sendOne({ reading, line }: Outgoing): Promise<void> {
    counts.rows_read += 1;
    const startedAt = clock.elapsed();
    const delivery = await deliver({
      attempt: () => client.post('/predict', { data: reading, signal: abort }),
      schema: predictionSchema,
      signal: abort,
    });
    if (delivery.outcome === 'accepted') {
      countPredictions([{ ...delivery.body, replayed: delivery.replayed }]);
      counts.latencyUs.record(Math.max(1, Math.round((clock.elapsed() - startedAt) * 1000)));
    } else {
      countFailure(delivery, { rows: 1, where: `${file}:${line}` });
    }
  }

  async function sendBatch(batch: readonly Outgoing[]): Promise<void> {
    counts.rows_read += batch.length;
    const delivery = await deliver({
      attempt: () => client.post('/predict', { data: batch.map(({ reading }) => reading), signal: abort }),
      schema: batchAnswerSchema,
      signal: abort,
    });
    if (delivery.outcome === 'accepted') countBatch(batch, delivery.body);
    else
      countFailure(delivery, {
        rows: batch.length,
        where: `${file}:${batch[0]?.line}–${batch.at(-1)?.line}`,
      });
  }

  function countBatch(batch: readonly Outgoing[], { rejected, results }: BatchAnswer) {
    countPredictions(results);
    counts.backfilled += results.length;
    for (const { index, errors } of rejected) {
      const detail = errors.map(({ path, message }) => `${path || 'body'}: ${message}`).join('; ');
      countFailure({ outcome: 'rejected', detail }, { rows: 1, where: `${file}:${batch[index]?.line}` });
    }
    const unanswered = batch.length - results.length - rejected.length;
    if (unanswered !== 0) {
      const detail = `answered 200 for ${batch.length - unanswered} of ${batch.length} readings`;
      countFailure({ outcome: 'unreadable', detail }, { rows: unanswered, where: file });
    }
  }

  function countPredictions(
    predictions: readonly (Pick<Prediction, 'prediction'> & { replayed?: boolean | undefined })[],
  ) {
    counts.accepted += predictions.length;
    counts.replayed += predictions.filter(({ replayed }) => replayed).length;
    counts.anomalies += predictions.filter(({ prediction }) => prediction === 1).length;
  }

  function countFailure(delivery: Failure, { rows, where }: { rows: number; where: string }) {
    if (delivery.outcome === 'unfinished') {
      counts.unfinished += rows;
      return;
    }
    counts[delivery.outcome === 'rejected' ? 'rejected' : 'unreadable_answers'] += rows;
    logRejected(`${where}: ${delivery.outcome}: ${delivery.detail}`);
  }

  return { sendOne, sendBatch };
}

type Failure = Exclude<Delivery<never>, { outcome: 'accepted' }>;
