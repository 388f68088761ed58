import type { ApiClient } from './api-client.ts';
import { backfill, isEmpty } from './backfill.ts';
import { createBoundedLog } from './bounded-log.ts';
import type { Clock, Sleep } from './clock.ts';
import type { Counts } from './counts.ts';
import { createDeliver } from './deliver.ts';
import { createPacer } from './pacer.ts';
import type { Progress } from './progress.ts';
import { type ReadingRow, readPasses } from './read-passes.ts';
import { readHeader, readRows } from './read-rows.ts';
import { replay } from './replay.ts';
import { createRetryLog } from './retry-log.ts';
import { createSendReadings } from './send-readings.ts';
import type { Config } from './settings.ts';
import { waitUntilReady } from './wait-until-ready.ts';

const maxNamedFaults = 20;

export type Run = {
  config: Config;
  client: ApiClient;
  counts: Counts;
  progress: Progress;
  clock: Clock;
  sleep: Sleep;
  random: () => number;
  createId: () => string;
  fileBytes: number;
  /** No further row is sent. */
  stop: AbortSignal;
  /** What is in flight is cut off. */
  abort: AbortSignal;
};

/** Waits for the API, gives an empty one a past, replays. `late`: the API was not ready in time. */
export async function run(context: Run): Promise<'done' | 'late'> {
  const { config, client, counts, progress, clock, sleep, stop } = context;
  await nameIgnoredColumns(context);
  const timeoutMs = config.readyTimeoutMs;
  const readiness = await waitUntilReady({ client, clock, sleep, log: progress.log, timeoutMs, stop });
  counts.startedAt = clock.elapsed();
  if (readiness !== 'ready') return readiness === 'late' ? 'late' : 'done';

  const deliver = createDeliver({ ...context, onRetry: toRetryCounter(context) });
  const logRejected = createBoundedLog({ log: progress.log, limit: maxNamedFaults, kind: 'rejections' });
  const { sendOne, sendBatch } = createSendReadings({ ...context, deliver, file: config.file, logRejected });
  const toOutgoing = ({ reading, line, pass }: ReadingRow) => {
    counts.pass = pass;
    return { line, reading: { ...reading, id: context.createId() } };
  };
  const rows = openPasses(context);
  try {
    if (config.backfill > 0 && (await isEmpty({ client, deliver, log: progress.log, stop }))) {
      await backfill({ rows, config, clock, toOutgoing, sendBatch, stop });
    }
    progress.start(context.fileBytes);
    const onSent = ({ bytes }: ReadingRow) => progress.update(bytes);
    const pace = createPacer({ rowsPerSecond: config.rate, clock, sleep, stop });
    await replay({ rows, toOutgoing, sendOne, pace, concurrency: config.concurrency, onSent, stop });
  } finally {
    await rows.return(undefined);
    progress.stop();
  }
  return 'done';
}

async function nameIgnoredColumns({ config, progress }: Run): Promise<void> {
  const { ignored } = await readHeader(config);
  if (ignored.length > 0) progress.log(`${config.file}: ignored columns: ${ignored.join(', ')}`);
}

function openPasses({ config, counts, progress, stop }: Run): AsyncGenerator<ReadingRow> {
  const logBadRow = createBoundedLog({ log: progress.log, limit: maxNamedFaults, kind: 'bad rows' });
  return readPasses({
    ...config,
    openRows: () => readRows(config),
    onBadRow: ({ line, fault, pass }) => {
      counts.rows_read += 1;
      counts.bad_rows += 1;
      if (pass === 1) logBadRow(`${config.file}:${line}: ${fault}`);
    },
    stop,
  });
}

function toRetryCounter({ counts, progress, clock }: Run): (reason: string) => void {
  const logRetry = createRetryLog({ log: progress.log, clock });
  return (reason) => {
    counts.retries += 1;
    logRetry(reason);
  };
}
