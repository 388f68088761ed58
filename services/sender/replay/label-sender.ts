import { type FeedbackInput, feedbackAnswerSchema } from '@sensor-sentinel/contracts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { ControlClient } from './control-client.ts';
import type { RowCounts } from './plan-rows.ts';

const maxBatch = 500;
/** How long a label waits for others to be sent with. */
const lingerMs = 100;
/** The replay pauses while this many labels are waiting, which bounds the memory they take. */
const maxWaiting = 20_000;

interface LabeledRow {
  label: FeedbackInput;
  line: number;
  /** The label is answered. */
  onDone: () => void;
}

interface LabelOptions {
  control: ControlClient;
  counts: RowCounts;
  /** The file, for messages. */
  name: string;
  log: Log;
  clock: Clock;
  abort: AbortSignal;
}

export type LabelSender = ReturnType<typeof createLabelSender>;

/** Sends the labels of stored readings. A row is done only when its label is, so that a sender that takes over sends it. */
export function createLabelSender({ control, counts, name, log, clock, abort }: LabelOptions) {
  const waiting: LabeledRow[] = [];
  let sending: Promise<void> = Promise.resolve();
  let isSending = false;

  async function sendBatch(): Promise<void> {
    const batch = waiting.splice(0, maxBatch);
    if (batch.length === 0) return;
    const delivery = await control.send({
      method: 'post',
      url: '/feedback',
      toData: () => batch.map(({ label }) => label),
      schema: feedbackAnswerSchema,
      signal: abort,
    });
    if (delivery.outcome === 'unfinished') return;
    if (delivery.outcome === 'accepted') {
      const { accepted, rejected } = delivery.body;
      counts.labels_stored += accepted;
      counts.labels_rejected += rejected.length;
      for (const { index, errors } of rejected) {
        const reason = errors.map(({ message }) => message).join('; ');
        log(`${name}:${batch[index]?.line}: label rejected: ${reason}`);
      }
    } else {
      counts.labels_rejected += batch.length;
      log(`${name}:${batch[0]?.line}–${batch.at(-1)?.line}: labels ${delivery.outcome}: ${delivery.detail}`);
    }
    for (const { onDone } of batch) onDone();
  }

  async function sendAll(): Promise<void> {
    while (waiting.length > 0 && !abort.aborted) {
      if (waiting.length < maxBatch) await clock.sleep(lingerMs, abort);
      await sendBatch();
    }
    isSending = false;
  }

  return {
    add(labeled: LabeledRow): void {
      waiting.push(labeled);
      if (isSending) return;
      isSending = true;
      sending = sendAll();
    },
    /** Resolves once every label is answered, or aborted. */
    flush: () => sending,
    isFull: () => waiting.length >= maxWaiting,
  };
}
