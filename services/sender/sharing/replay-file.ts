import type { Log } from '../bounded-log.ts';
import type { Clock, Sleep } from '../clock.ts';
import type { Outgoing, Settled } from '../load/outgoing.ts';
import { runLoad } from '../load/run-load.ts';
import type { Measures } from '../report/measures.ts';
import type { ApiClient } from '../transport/api-client.ts';
import type { Chunk } from './lease-chunks.ts';
import type { Leases } from './leases.ts';
import type { Planned } from './plan-rows.ts';
import type { LabelSender } from './send-labels.ts';

/** How requests are made. */
export type LoadOptions = {
  client: ApiClient;
  concurrency: number;
  batch: number;
  format: 'json' | 'ndjson';
  late: 'wait' | 'drop';
  maxLagMs: number;
  clock: Clock;
  sleep: Sleep;
  random: () => number;
  measures: Measures;
  onRetry: (reason: string) => void;
  stop: AbortSignal;
  abort: AbortSignal;
};

export type ReplayOptions = {
  load: LoadOptions;
  leases: Leases;
  labels: LabelSender;
  planRows: (chunk: Chunk) => AsyncIterable<Planned>;
  totalRows: () => number | undefined;
  /** Of the file. */
  name: string;
  logRejected: Log;
  onAnswer: () => void;
  /** A row is about to be sent. */
  onPlanned: () => void;
};

type InFlight = Planned & { chunk: Chunk };

/** Leases, sends and acknowledges rows until there are none left, or it is told to stop. */
export async function replayFile(options: ReplayOptions): Promise<void> {
  const { load, leases, labels, totalRows } = options;
  const inFlight = new Map<Outgoing, InFlight>();
  const onSettled = createOnSettled(options, inFlight);

  async function* rows(): AsyncGenerator<Outgoing> {
    for await (const chunk of leases.chunks()) {
      const { first_row, rows: count, done_rows } = chunk.lease;
      const middle = first_row + done_rows + Math.floor((count - done_rows) / 2);
      for await (const planned of options.planRows(chunk)) {
        if (planned.row >= middle) leases.prefetch();
        if (labels.isFull()) await labels.flush();
        inFlight.set(planned.outgoing, { ...planned, chunk });
        options.onPlanned();
        yield planned.outgoing;
      }
      const total = totalRows();
      if (total !== undefined) chunk.book.endAt(total);
      if (chunk.book.isDone()) leases.wake();
    }
  }

  const acking = leases.keepAcking();
  try {
    await runLoad({ ...load, rows: rows(), onSettled });
    await labels.flush();
  } finally {
    leases.end();
    await acking;
    await leases.release();
  }
}

function createOnSettled(
  { labels, leases, name, logRejected, onAnswer }: ReplayOptions,
  inFlight: Map<Outgoing, InFlight>,
): (settled: Settled) => void {
  function settle({ chunk, row }: InFlight, outcome: 'stored' | 'replayed' | 'rejected' | 'dropped'): void {
    chunk.book.settle(row, outcome);
    if (chunk.book.isDone()) leases.wake();
  }

  return (settled) => {
    const sent = inFlight.get(settled.outgoing);
    inFlight.delete(settled.outgoing);
    if (sent === undefined || settled.outcome === 'unfinished') return;
    if (settled.outcome !== 'dropped') onAnswer();
    const isWanted = sent.kind === 'garbage' && settled.outcome === 'rejected';
    if ('detail' in settled && !isWanted)
      logRejected(`${name}:${settled.outgoing.line}: ${settled.outcome}: ${settled.detail}`);
    if (sent.kind !== 'row') return;
    if (settled.outcome === 'dropped') settle(sent, 'dropped');
    else if (settled.outcome !== 'accepted') settle(sent, 'rejected');
    else {
      const outcome = settled.isReplayed ? 'replayed' : 'stored';
      const { label, outgoing } = sent;
      if (label === undefined) settle(sent, outcome);
      else
        labels.add({
          label: { id: outgoing.reading.id, label, source: 'label' },
          line: outgoing.line,
          onDone: () => settle(sent, outcome),
        });
    }
  };
}
