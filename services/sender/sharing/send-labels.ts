import { type TruthInput, truthAnswerSchema } from '@sensor-sentinel/contracts';
import type { Log } from '../bounded-log.ts';
import type { Sleep } from '../clock.ts';
import type { ApiClient } from '../transport/api-client.ts';
import type { Deliver } from '../transport/deliver.ts';
import type { FileCounts } from './file-counts.ts';

const maxLabels = 500;
/** How long a label waits for others to go with. */
const lingerMs = 100;
/** More are not taken while these wait: memory is bounded. */
const maxWaiting = 20_000;

type Labelled = { label: TruthInput; line: number; onDone: () => void };
type LabelOptions = {
  client: ApiClient;
  deliver: Deliver;
  counts: FileCounts;
  /** Of the file. */
  name: string;
  log: Log;
  sleep: Sleep;
  abort: AbortSignal;
};

export type LabelSender = ReturnType<typeof createLabelSender>;

/** Says what stored readings really were. A row is done only when its label is: who takes over says it again. */
export function createLabelSender({ client, deliver, counts, name, log, sleep, abort }: LabelOptions) {
  const waiting: Labelled[] = [];
  let sending: Promise<void> = Promise.resolve();
  let isSending = false;

  async function sendNext(): Promise<void> {
    const batch = waiting.splice(0, maxLabels);
    if (batch.length === 0) return;
    const delivery = await deliver({
      attempt: () => client.post('/truth', { data: batch.map(({ label }) => label), signal: abort }),
      schema: truthAnswerSchema,
      signal: abort,
    });
    if (delivery.outcome === 'unfinished') return;
    if (delivery.outcome === 'accepted') {
      counts.labels_stored += delivery.body.accepted;
      counts.labels_rejected += delivery.body.rejected.length;
      for (const { index, errors } of delivery.body.rejected)
        log(
          `${name}:${batch[index]?.line}: label rejected: ${errors.map(({ message }) => message).join('; ')}`,
        );
    } else {
      counts.labels_rejected += batch.length;
      log(`${name}:${batch[0]?.line}–${batch.at(-1)?.line}: labels ${delivery.outcome}: ${delivery.detail}`);
    }
    for (const { onDone } of batch) onDone();
  }

  async function sendAll(): Promise<void> {
    while (waiting.length > 0 && !abort.aborted) {
      if (waiting.length < maxLabels) await sleep(lingerMs, abort);
      await sendNext();
    }
    isSending = false;
  }

  return {
    add(labelled: Labelled): void {
      waiting.push(labelled);
      if (isSending) return;
      isSending = true;
      sending = sendAll();
    },
    /** Resolves once every label is answered, or it is told to give up. */
    flush: () => sending,
    isFull: () => waiting.length >= maxWaiting,
  };
}
