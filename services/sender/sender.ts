import type { Clock } from './clock.ts';
import type { Config } from './config/settings.ts';
import { createMeasures, type Measures } from './load/measures.ts';
import { createPredictClient } from './load/predict-client.ts';
import type { Load } from './load/run-load.ts';
import { createOutageLog, type Log } from './log.ts';
import { openConfiguredTable, openReader, prepareDryRun, prepareRows } from './prepare-rows.ts';
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
import type { Table } from './source/open-table.ts';
import { findSpacingMs, type RowReader, toNoValidRow } from './source/row-reader.ts';
import { createRowTally } from './source/row-tally.ts';

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
  table: Table;
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
    closers.push(() => void source.table.blocks.return(undefined));
    const outages = createOutageLog({ log: progress.log, clock });
    const control = createControlClient({ apiUrl, timeoutMs, clock, random, outages });
    if (config.isDryRun) return await showDryRun(config, { runtime, source, control, log: progress.log });
    closers.push(startHeartbeat(config.heartbeatFile, clock));
    closers.push(await startMetrics(config, runtime, measures));
    const client = createPredictClient({ apiUrl, timeoutMs, connections: concurrency, clock, abort });
    closers.push(client.close);
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
  const table = await openConfiguredTable(config, runtime.standardInput);
  return { names, table, loops: fingerprint === null ? 1 : loops };
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
  control: ControlClient;
  log: Log;
}

async function showDryRun(config: Config, { runtime, source, control, log }: DryRun): Promise<number> {
  const { table, names, loops } = source;
  const { sensorId } = names;
  const reader = await prepareDryRun({ config, table, sensorId, control, log, signal: runtime.stop });
  const report = await dryRun({ config, table, reader, names, loops, nowMs: runtime.clock.now(), log });
  runtime.output.write(config.json ? `${JSON.stringify(report)}\n` : formatDryRun(report));
  if (report.rows > report.bad_rows + report.skipped_rows) return 0;
  log(toNoValidRow(reader.name));
  return 2;
}

/** Waits for the API and finds out how the rows are read. Resolves to why there is no reader where there is none. */
async function prepare({
  config,
  runtime,
  source,
  progress,
  control,
}: Run): Promise<RowReader | 'late' | 'stopped'> {
  const { clock, stop } = runtime;
  const { log } = progress;
  const readiness = await waitUntilReady({ control, clock, log, timeoutMs: config.readyTimeoutMs, stop });
  if (readiness !== 'ready') return readiness;
  const { table, names } = source;
  const { sensorId } = names;
  return (await prepareRows({ config, table, sensorId, control, clock, log, signal: stop })) ?? 'stopped';
}

async function findMaxRate(run: Run): Promise<number> {
  const { config, runtime, progress, load } = run;
  const { log } = progress;
  const { stop, output } = runtime;
  const { findMaxP99Ms, findMaxShedShare, findMaxHoldMs: holdMs, json } = config;
  const reader = await prepare(run);
  if (typeof reader === 'string') return 1;
  const limits = { p99Ms: findMaxP99Ms, shedShare: findMaxShedShare };
  const found = await probeMaxRate({ reader, load, limits, holdMs, log });
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
  const { names, loops } = source;
  const { log } = progress;
  const reader = await prepare(run);
  if (typeof reader === 'string') return reader !== 'late';
  const { replay, sender } = names;
  if (config.isRestart) await forgetReplay({ control, name: replay, signal: stop });
  if (config.backfill > 0 && loops === 0) counts.backfilled = await fillEmptyApi(run, reader);
  if (stop.aborted) return true;
  const schedule = await scheduleRows(config, reader, clock);
  const onRow = () => progress.update(reader.bytesRead());
  const tally = createRowTally({ name: reader.name, choice: reader.layout.choice });
  progress.start(reader.state.bytes);
  try {
    const isShared = config.mode === 'share';
    const shared = { replay, sender, loops, isShared, reader, schedule };
    await runReplay({ ...shared, load, control, counts, tally, log, onRow });
  } finally {
    progress.stop();
    for (const line of tally.describe()) log(line);
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
async function fillEmptyApi(
  { config, runtime, source, progress, control, load }: Run,
  { name, layout }: RowReader,
): Promise<number> {
  const { replay, sender, sensorId } = source.names;
  const { log } = progress;
  const type = layout.choice.isDefault ? undefined : layout.choice.name;
  const isNeeded = await needsBackfill({ control, type, replay, log, signal: load.stop });
  if (!isNeeded) return 0;
  const table = await openConfiguredTable(config, runtime.standardInput);
  const reader = openReader(config, { table, layout }, { sensorId, maxRows: config.backfill });
  const measures = createMeasures({ clock: load.clock });
  const { backfillSpanMs: spanMs, timestamps } = config;
  const counts = createRowCounts();
  const tally = createRowTally({ name, choice: layout.choice });
  const live = { replay, sender, reader, control, counts, tally, log };
  try {
    await runBackfill({ ...live, load: { ...load, measures }, spanMs, timestamps });
    return measures.counts.accepted;
  } finally {
    measures.close();
    reader.close();
  }
}
