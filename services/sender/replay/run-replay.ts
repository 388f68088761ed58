import type { Outgoing, Settled } from '../load/outgoing.ts';
import { type Load, runLoad } from '../load/run-load.ts';
import { createBoundedLog, type Log } from '../log.ts';
import type { Schedule } from '../schedule/schedule.ts';
import { toMissing } from '../source/parse-row.ts';
import type { RowReader } from '../source/row-reader.ts';
import type { RowTally } from '../source/row-tally.ts';
import type { RowResult } from './chunk-book.ts';
import type { ControlClient } from './control-client.ts';
import { createLabelSender, type LabelSender } from './label-sender.ts';
import { type Chunk, createLeases, type EvenTerms, type Leases } from './leases.ts';
import { type PlannedRow, planRows, type RowCounts } from './plan-rows.ts';

export interface ReplayOptions {
  /** The name of the replay. */
  replay: string;
  sender: string;
  loops: number;
  /** Whether a small file is shared evenly by the senders that start together, where rows have no due times. */
  isShared: boolean;
  reader: RowReader;
  schedule: Schedule;
  load: Load;
  control: ControlClient;
  counts: RowCounts;
  tally: RowTally;
  log: Log;
  /** A row is about to be sent. */
  onRow: () => void;
}

/**
 * Takes part in a replay: leases chunks, sends their rows and labels, and acks what is done, until the replay is finished
 * or stopped. @throws ReplayFault, FileFault
 */
export async function runReplay(options: ReplayOptions): Promise<void> {
  const { replay, sender, loops, reader, schedule, load, control, counts, tally, log, onRow } = options;
  const { clock, measures, outages, stop, abort } = load;
  const { name, state, totalRows } = reader;
  const { choice } = reader.layout;
  const logLabel = createBoundedLog({ log, kind: 'rejected labels' });
  const labels = createLabelSender({ control, counts, name, log: logLabel, clock, abort });
  const file = { name: state.name, fingerprint: state.fingerprint };
  const type = choice.isDefault ? {} : { type: choice.name };
  const terms = { sender, loops, file, ...type, id_scheme: 8 as const };
  const evenTerms = await toEvenTerms(options);
  const { snapshot } = measures;
  const leases = createLeases({
    ...{ control, replay, terms, evenTerms, schedule, totalRows, snapshot },
    ...{ clock, log, stop, abort },
  });
  const logBadRow = createBoundedLog({ log, kind: 'bad rows' });
  const logRejected = createBoundedLog({ log, kind: 'rejections' });
  const inFlight = new Map<Outgoing, RowInFlight>();

  async function* rows(): AsyncGenerator<Outgoing> {
    for await (const chunk of leases.chunks()) {
      const { first_row, rows: count, done_rows } = chunk.lease;
      const middle = first_row + done_rows + Math.floor((count - done_rows) / 2);
      for await (const planned of planRows(chunk, { reader, schedule, counts, tally, log: logBadRow })) {
        if (planned.row >= middle) leases.prefetch();
        if (labels.isFull()) await labels.flush();
        inFlight.set(planned.outgoing, { planned, chunk });
        onRow();
        yield planned.outgoing;
      }
      const total = totalRows();
      if (total !== undefined) chunk.book.endAt(total);
      if (chunk.book.isDone()) leases.ackSoon();
    }
  }

  function onSettled(settled: Settled): void {
    const sent = inFlight.get(settled.outgoing);
    inFlight.delete(settled.outgoing);
    if (sent === undefined || settled.outcome === 'unfinished') return;
    if (settled.outcome !== 'dropped') outages.onAnswer();
    if (settled.outcome === 'skipped') countMissing(sent, { reader, counts, tally });
    const isExpected = sent.planned.kind === 'garbage' && settled.outcome === 'rejected';
    if ('detail' in settled && !isExpected)
      logRejected(`${name}:${settled.outgoing.line}: ${settled.outcome}: ${settled.detail}`);
    if (sent.planned.kind === 'row') settleRow(sent, toResult(settled), { labels, leases });
  }

  const acking = leases.keepAcking();
  try {
    await runLoad(rows(), onSettled, load);
    await labels.flush();
  } finally {
    leases.end();
    await acking;
    await leases.release();
  }
}

/** A larger file takes long enough to send that all senders have started before it ends. */
const maxEvenBytes = 8 * 1024 * 1024;

async function toEvenTerms({ isShared, loops, reader, schedule }: ReplayOptions): Promise<EvenTerms> {
  const { fingerprint, bytes } = reader.state;
  const isSmall = fingerprint !== null && bytes <= maxEvenBytes;
  if (!isShared || !isSmall || loops === 0 || schedule.isPaced) return {};
  const total_rows = await reader.countRows();
  return total_rows > 0 ? { shares_evenly: true, total_rows } : {};
}

interface RowInFlight {
  planned: PlannedRow;
  chunk: Chunk;
}

/** Later rows that lack values are not even sent. */
function countMissing(
  { planned: { outgoing, kind }, chunk }: RowInFlight,
  { reader, counts, tally }: Pick<ReplayOptions, 'reader' | 'counts' | 'tally'>,
): void {
  reader.layout.nulls.areTaken = false;
  if (kind !== 'row') return;
  counts.skipped_rows += 1;
  const [name = ''] = Object.entries(outgoing.reading).find(([, value]) => value === null) ?? [];
  if (chunk.lease.loop === 0) tally.add({ skipped: toMissing(name), line: outgoing.line });
}

function toResult(settled: Settled): RowResult {
  if (settled.outcome === 'dropped' || settled.outcome === 'skipped') return 'dropped';
  if (settled.outcome !== 'accepted') return 'rejected';
  return settled.isDuplicate ? 'duplicate' : 'stored';
}

interface Settling {
  labels: LabelSender;
  leases: Leases;
}

/** A stored row with a label is done when its label is answered, any other row immediately. */
function settleRow({ planned, chunk }: RowInFlight, result: RowResult, { labels, leases }: Settling): void {
  const { outgoing, row, label } = planned;
  const settle = () => {
    chunk.book.settle(row, result);
    if (chunk.book.isDone()) leases.ackSoon();
  };
  const isStored = result === 'stored' || result === 'duplicate';
  if (label === undefined || !isStored) settle();
  else
    labels.add({
      label: { id: outgoing.reading.id, label, source: 'label' },
      line: outgoing.line,
      onDone: settle,
    });
}
