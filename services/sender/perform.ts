import type { Clock, Sleep } from './clock.ts';
import type { Config } from './config/config-schema.ts';
import type { Options } from './config/options.ts';
import { dryRun, formatDryRun } from './dry-run.ts';
import { startHeartbeat } from './heartbeat.ts';
import { type Host, openSource, type Source, toNoRow } from './prepare.ts';
import { formatMax, probeMax } from './probe-max.ts';
import { findFailures } from './report/expectations.ts';
import { createMeasures, type Measures } from './report/measures.ts';
import { createMetrics, MetricsFault, serveMetrics } from './report/metrics.ts';
import { createProgress, type Every, type Progress } from './report/progress.ts';
import { describeCounts, formatSummary, toExitCode, toSummary } from './report/summary.ts';
import { run } from './run.ts';
import { createFileCounts } from './sharing/file-counts.ts';
import { ReplayFault } from './sharing/replay-client.ts';
import { FileFault } from './source/file-fault.ts';
import { createApiClient } from './transport/api-client.ts';
import { waitUntilReady } from './wait-until-ready.ts';

export type Performance = {
  config: Config;
  options: Options;
  clock: Clock;
  sleep: Sleep;
  every: Every;
  random: () => number;
  host: Host;
  standardInput: AsyncIterable<Buffer>;
  /** For the summary. */
  output: { write: (text: string) => unknown };
  progressOutput: NodeJS.WritableStream;
  isTerminal: boolean;
  /** No further row is sent. */
  stop: AbortSignal;
  /** What is in flight is cut off. */
  abort: AbortSignal;
  stoppedBy: () => string | null;
};

/** Does what is asked for, and resolves to the exit code. */
export async function perform(performance: Performance): Promise<number> {
  const { config, options, clock, every, progressOutput, isTerminal } = performance;
  const measures = createMeasures({ clock });
  const progress = createProgress({
    ...{ output: progressOutput, isTerminal, every },
    describe: () => describeCounts(measures.counts, measures.snapshot()),
  });
  let source: Source | undefined;
  try {
    source = await openSource(config, performance);
    if (options.isDryRun) return await showDryRun(performance, { source, progress });
    return await send(performance, { source, progress, measures });
  } catch (error) {
    const isTold = [FileFault, ReplayFault, MetricsFault].some((fault) => error instanceof fault);
    if (!isTold || !(error instanceof Error)) throw error;
    progress.log(error.message);
    return 2;
  } finally {
    measures.close();
    source?.reader.close();
  }
}

type Parts = { source: Source; progress: Progress };

async function showDryRun({ config, options, output }: Performance, { source, progress }: Parts) {
  const report = await dryRun({ config, source, log: progress.log });
  output.write(options.json ? `${JSON.stringify(report)}\n` : formatDryRun(report));
  if (report.rows > report.bad_rows) return 0;
  progress.log(toNoRow(source.reader));
  return 2;
}

async function send(performance: Performance, parts: Parts & { measures: Measures }): Promise<number> {
  const { config, options, every, host } = performance;
  const client = createApiClient({ ...config, clock: performance.clock });
  const stopHeartbeat = startHeartbeat(config.heartbeatFile, every);
  const { metricsPort: port } = config;
  // Inside a container nobody else reaches 127.0.0.1.
  const address = { port, host: host.isContainer ? '0.0.0.0' : '127.0.0.1' };
  const registry = port > 0 ? createMetrics(parts.measures) : undefined;
  let metrics: Awaited<ReturnType<typeof serveMetrics>> | undefined;
  try {
    metrics = registry && (await serveMetrics({ registry, ...address }));
    const sending = { ...performance, ...parts, client };
    return options.isFindMax ? await showMax(sending) : await replay(sending);
  } finally {
    client.close();
    stopHeartbeat();
    await metrics?.close();
  }
}

type Sending = Performance & Parts & { measures: Measures; client: ReturnType<typeof createApiClient> };

async function replay(sending: Sending): Promise<number> {
  const { options, source, measures, progress, output, stoppedBy } = sending;
  const counts = createFileCounts();
  const summarize = () => {
    const report = measures.report();
    const { replay: name, sender } = source.names;
    const figures = toSummary({ report, badRows: counts.bad_rows, stoppedBy: stoppedBy() });
    const summary = { replay: name, sender, ...counts, ...figures };
    output.write(options.json ? `${JSON.stringify(summary)}\n` : formatSummary(summary));
    return summary;
  };
  try {
    const outcome = await run({ ...sending, counts });
    const summary = summarize();
    const failures = options.expectations && findFailures(options.expectations, summary);
    for (const failure of failures ?? []) progress.log(failure);
    const hasLabelFault = counts.labels_rejected > 0 && failures === undefined && summary.stopped_by === null;
    return outcome === 'late' || hasLabelFault ? 1 : toExitCode(summary, failures);
  } catch (error) {
    if (error instanceof FileFault && counts.rows > 0) summarize();
    throw error;
  }
}

async function showMax(sending: Sending): Promise<number> {
  const { config, options, progress, output, stop, source } = sending;
  const { log } = progress;
  const timeoutMs = config.readyTimeoutMs;
  if ((await waitUntilReady({ ...sending, log, timeoutMs })) !== 'ready') return 1;
  const load = { ...config, ...sending, onRetry: () => {} };
  const found = await probeMax({ config, options, source, load, say: log });
  output.write(options.json ? `${JSON.stringify(found)}\n` : formatMax(found));
  return stop.aborted || found.heldRate !== null ? 0 : 1;
}
