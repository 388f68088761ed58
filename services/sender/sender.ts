import type { Clock } from './clock.ts';
import type { Config } from './config/settings.ts';
import { createMeasures, type Measures } from './load/measures.ts';
import { createPredictClient } from './load/predict-client.ts';
import type { Load } from './load/run-load.ts';
import { createOutageLog, type Log } from './log.ts';
import { formatMaxRate, probeMaxRate } from './probe-max-rate.ts';
import { needsBackfill, runBackfill } from './replay/backfill.ts';
import { type ControlClient, createControlClient, waitUntilReady } from './replay/control-client.ts';
import { forgetReplay, ReplayFault } from './replay/leases.ts';
import { type Host, type Names, toNames } from './replay/names.ts';
import { createRowCounts, type RowCounts } from './replay/plan-rows.ts';
import { runReplay } from './replay/run-replay.ts';
import { dryRun, formatDryRun } from './report/dry-run.ts';
import { findFailures } from './report/expectations.ts';
import { startHeartbeat } from './report/heartbeat.ts';
import { createMetrics, MetricsFault, serveMetrics } from './report/metrics.ts';
import { createProgress, type Progress } from './report/progress.ts';
import { describeCounts, formatSummary, toExitCode, toSummary } from './report/summary.ts';
import { createSchedule } from './schedule/schedule.ts';
import { FileFault, readFileState } from './source/file-state.ts';
import {
  findSpacingMs,
  openRows,
  type ReaderOptions,
  type RowReader,
  requireValidRow,
  toNoValidRow,
} from './source/row-reader.ts';

/** What the process gives the sender; tests bring their own. */
export interface Runtime {
  clock: Clock;
  /** Uniform on [0, 1). */
  random: () => number;
  host: Host;
  standardInput: AsyncIterable<Buffer>;
  /** For the summary. */
  output: { write: (text: string) => unknown };
  /** For progress and messages. */
  progressOutput: NodeJS.WritableStream;
  isTerminal: boolean;
  /** No further row is sent. */
  stop: AbortSignal;
  /** Requests in flight are cut off. */
  abort: AbortSignal;
  /** The signal that stopped the sender. */
  stoppedBy: () => string | null;
}

/** The open file, and the names of its replay and its sender. */
interface Source {
  names: Names;
  reader: RowReader;
  /** A file that can be read only once is sent once. */
  loops: number;
}

/** Everything that a run which sends rows needs. */
interface Run {
  config: Config;
  runtime: Runtime;
  source: Source;
  progress: Progress;
  control: ControlClient;
  load: Load;
}

/** Runs the mode that the settings ask for. Resolves to the exit code. */
export async function runSender(config: Config, runtime: Runtime): Promise<number> {
  const { clock, random, progressOutput, isTerminal, stop, abort } = runtime;
  const { apiUrl, timeoutMs, format, concurrency, batch, late, maxLagMs } = config;
  const measures = createMeasures({ clock });
  const describe = () => describeCounts(measures.counts, measures.snapshot());
  const progress = createProgress({ output: progressOutput, isTerminal, clock, describe });
  const closers: (() => unknown)[] = [measures.close];
  try {
    const source = await openSource(config, runtime);
    closers.push(source.reader.close);
    if (config.isDryRun) return await showDryRun(config, { runtime, source, log: progress.log });
    closers.push(startHeartbeat(config.heartbeatFile, clock));
    closers.push(await startMetrics(config, runtime, measures));
    const outages = createOutageLog({ log: progress.log, clock });
    const client = createPredictClient({ apiUrl, timeoutMs, connections: concurrency, clock, abort });
    closers.push(client.close);
    const control = createControlClient({ apiUrl, timeoutMs, clock, random, outages });
    const requests = { format, concurrency, batch, late, maxLagMs };
    const load: Load = { client, requests, measures, clock, random, outages, stop, abort };
    const run: Run = { config, runtime, source, progress, control, load };
    return config.isFindMax ? await findMaxRate(run) : await sendFile(run);
  } catch (error) {
    const isExpected = [FileFault, ReplayFault, MetricsFault].some((fault) => error instanceof fault);
    if (!isExpected || !(error instanceof Error)) throw error;
    progress.log(error.message);
    return 2;
  } finally {
    for (const close of closers.toReversed()) await close();
  }
}

/** @throws FileFault */
async function openSource(config: Config, runtime: Runtime): Promise<Source> {
  const { file, mode, replay, name: sender, sensorId, loops } = config;
  const { fingerprint } = await readFileState(file);
  const names = toNames({ mode, file, fingerprint, replay, sender, sensorId, ...runtime.host });
  const { standardInput } = runtime;
  const reader = await openReader(config, { standardInput, sensorId: names.sensorId });
  return { names, reader, loops: fingerprint === null ? 1 : loops };
}

type PassOptions = Pick<ReaderOptions, 'standardInput' | 'sensorId' | 'maxRows'>;

/** Opens the file for a pass of its own. @throws FileFault */
function openReader(config: Config, options: PassOptions): Promise<RowReader> {
  return openRows({
    ...options,
    file: config.file,
    columnNames: config.columns,
    delimiter: config.delimiter,
    labelColumn: config.label,
    isOnlySensor: config.mode === 'copy',
    needsTimestamp: config.timestamps !== 'arrival',
    maxGapMs: config.maxGapMs,
  });
}

/** Resolves to a function that stops the server. @throws MetricsFault */
async function startMetrics({ metricsPort: port }: Config, { host }: Runtime, measures: Measures) {
  if (port === 0) return () => undefined;
  // 127.0.0.1 of a container cannot be reached from outside.
  const address = { port, host: host.isContainer ? '0.0.0.0' : '127.0.0.1' };
  return (await serveMetrics({ registry: createMetrics(measures), ...address })).close;
}

interface DryRun {
  runtime: Runtime;
  source: Source;
  log: Log;
}

async function showDryRun(config: Config, { runtime, source, log }: DryRun): Promise<number> {
  const { reader, names, loops } = source;
  const { mode, timestamps, speed, rate, json } = config;
  const report = await dryRun({ reader, names, mode, timestamps, speed, rate, loops, log });
  runtime.output.write(json ? `${JSON.stringify(report)}\n` : formatDryRun(report));
  if (report.rows > report.bad_rows) return 0;
  log(toNoValidRow(reader.name));
  return 2;
}

async function findMaxRate({ config, runtime, source, progress, control, load }: Run): Promise<number> {
  const { log } = progress;
  const { clock, stop, output } = runtime;
  const { readyTimeoutMs: timeoutMs, findMaxP99Ms, findMaxShedShare, findMaxHoldMs: holdMs, json } = config;
  if ((await waitUntilReady({ control, clock, log, timeoutMs, stop })) !== 'ready') return 1;
  const limits = { p99Ms: findMaxP99Ms, shedShare: findMaxShedShare };
  const found = await probeMaxRate({ reader: source.reader, load, limits, holdMs, log });
  output.write(json ? `${JSON.stringify(found)}\n` : formatMaxRate(found));
  return stop.aborted || found.heldRate !== null ? 0 : 1;
}

async function sendFile(run: Run): Promise<number> {
  const { config, runtime, source, progress, load } = run;
  const counts = createRowCounts();
  const summarize = () => {
    const { replay, sender } = source.names;
    const report = load.measures.report();
    const figures = toSummary({ report, badRows: counts.bad_rows, stoppedBy: runtime.stoppedBy() });
    const summary = { replay, sender, ...counts, ...figures };
    runtime.output.write(config.json ? `${JSON.stringify(summary)}\n` : formatSummary(summary));
    return summary;
  };
  try {
    const isReady = await replayFile(run, counts);
    const summary = summarize();
    const failures = config.expectations && findFailures(config.expectations, summary);
    for (const failure of failures ?? []) progress.log(failure);
    const hasLabelFault = counts.labels_rejected > 0 && failures === undefined && summary.stopped_by === null;
    return !isReady || hasLabelFault ? 1 : toExitCode(summary, failures);
  } catch (error) {
    if (error instanceof FileFault && counts.rows > 0) summarize();
    throw error;
  }
}

/** Waits for the API, fills it if it is empty, and replays the file. Resolves to false if the API was not ready in time. */
async function replayFile(run: Run, counts: RowCounts): Promise<boolean> {
  const { config, runtime, source, progress, control, load } = run;
  const { clock, stop } = runtime;
  const { reader, names, loops } = source;
  const { log } = progress;
  const ignored = reader.layout.ignored.join(', ');
  if (ignored !== '') log(`${reader.name}: ignored columns: ${ignored}`);
  await requireValidRow(reader, log);
  const timeoutMs = config.readyTimeoutMs;
  const readiness = await waitUntilReady({ control, clock, log, timeoutMs, stop });
  if (readiness !== 'ready') return readiness !== 'late';
  const { replay, sender } = names;
  if (config.isRestart) await forgetReplay({ control, name: replay, signal: stop });
  if (config.backfill > 0 && loops === 0) counts.backfilled = await fillEmptyApi(run);
  if (stop.aborted) return true;
  const schedule = await scheduleRows(config, reader, clock);
  const onRow = () => progress.update(reader.bytesRead());
  progress.start(reader.state.bytes);
  try {
    await runReplay({ replay, sender, loops, reader, schedule, load, control, counts, log, onRow });
  } finally {
    progress.stop();
  }
  if (counts.rows === 0 && !stop.aborted)
    log(`nothing left to send: the replay ${replay} is finished; use --restart to send the file again`);
  return true;
}

async function scheduleRows(config: Config, reader: RowReader, clock: Clock) {
  const { timestamps, chunk, rate, rateOf, speed, jitter, faults, seed } = config;
  const fileSpacingMs = timestamps !== 'arrival' && speed > 0 ? await findSpacingMs(reader) : undefined;
  const pace = { rate, rateOf, speed, fileSpacingMs, jitter };
  return createSchedule({ clock, timestamps: { kind: timestamps }, chunk, ...pace, faults, seed });
}

/** Resolves to the number of rows stored. They are not part of the summary, so they are measured separately. */
async function fillEmptyApi({ config, runtime, source, progress, control, load }: Run): Promise<number> {
  const { replay, sender } = source.names;
  const { log } = progress;
  const isNeeded = await needsBackfill({ control, replay, log, signal: load.stop });
  if (!isNeeded) return 0;
  const { standardInput } = runtime;
  const { sensorId } = source.names;
  const reader = await openReader(config, { standardInput, sensorId, maxRows: config.backfill });
  const measures = createMeasures({ clock: load.clock });
  const { backfillSpanMs: spanMs, timestamps } = config;
  const counts = createRowCounts();
  const live = { replay, sender, reader, control, counts, log };
  try {
    await runBackfill({ ...live, load: { ...load, measures }, spanMs, timestamps });
    return measures.counts.accepted;
  } finally {
    measures.close();
    reader.close();
  }
}
