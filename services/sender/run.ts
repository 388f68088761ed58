import { backfill, needsBackfill } from './backfill.ts';
import type { Config } from './config/config-schema.ts';
import type { Options } from './config/options.ts';
import { findSpacingMs, requireReading, type Source } from './prepare.ts';
import { createMeasures } from './report/measures.ts';
import type { Progress } from './report/progress.ts';
import { createDueTimes } from './schedule/due-times.ts';
import { createFaultPlan } from './schedule/faults.ts';
import { createDraw } from './schedule/uniform.ts';
import { createAwayLog } from './sharing/away-log.ts';
import { toChunkRows } from './sharing/chunk-size.ts';
import type { FileCounts } from './sharing/file-counts.ts';
import type { Placed } from './sharing/plan-rows.ts';
import { forgetReplay } from './sharing/replay-client.ts';
import type { LoadOptions } from './sharing/replay-file.ts';
import { type Replaying, startReplay } from './sharing/start-replay.ts';
import { createDeliver } from './transport/deliver.ts';
import { waitUntilReady } from './wait-until-ready.ts';

export type Run = Omit<LoadOptions, 'onRetry' | 'concurrency' | 'batch' | 'format' | 'late' | 'maxLagMs'> & {
  config: Config;
  options: Pick<Options, 'isRestart'>;
  source: Source;
  counts: FileCounts;
  progress: Progress;
};

/** Waits for the API, gives an empty one a past, replays. `late`: the API was not ready in time. */
export async function run(context: Run): Promise<'done' | 'late'> {
  const { config, source, counts, progress, client, clock, sleep, stop } = context;
  const { log } = progress;
  const { reader, names } = source;
  if (reader.layout.ignored.length > 0)
    log(`${reader.name}: ignored columns: ${reader.layout.ignored.join(', ')}`);
  await requireReading(reader, log);
  const timeoutMs = config.readyTimeoutMs;
  const readiness = await waitUntilReady({ client, clock, sleep, log, timeoutMs, stop });
  if (readiness !== 'ready') return readiness === 'late' ? 'late' : 'done';

  const away = createAwayLog({ log, clock });
  const load: LoadOptions = { ...config, ...context, onRetry: away.onRetry };
  const shared = { ...names, load, counts, away, log, onPlanned: () => {} };
  if (context.options.isRestart)
    await forgetReplay({ ...context, name: names.replay, deliver: toDeliver(load) });
  if (config.backfill > 0 && toLoops(context) === 0) await fillPast(context, shared);
  if (stop.aborted) return 'done';
  progress.start(reader.state.bytes);
  try {
    await startReplay({
      ...shared,
      ...(await toPlan(context)),
      onPlanned: () => progress.update(reader.bytesRead()),
    });
  } finally {
    progress.stop();
  }
  if (counts.rows === 0 && !stop.aborted)
    log(`nothing left to send: the replay ${names.replay} is finished; --restart sends the file again`);
  return 'done';
}

type Shared = Pick<Replaying, 'replay' | 'sender' | 'load' | 'counts' | 'away' | 'log' | 'onPlanned'>;

async function fillPast(context: Run, shared: Shared): Promise<void> {
  const { config, source, counts, clock } = context;
  const { replay, log, load } = shared;
  const asking = { ...context, replay, log, deliver: toDeliver(load) };
  if (source.reader.state.fingerprint === null || !(await needsBackfill(asking))) return;
  const reader = await source.reopen();
  const measures = createMeasures({ clock });
  const { backfill: rows, backfillSpanMs: spanMs, timestamps } = config;
  const silent = { ...counts };
  try {
    await backfill({
      ...shared,
      load: { ...load, measures },
      counts: silent,
      reader,
      rows,
      spanMs,
      timestamps,
    });
    counts.backfilled = measures.counts.accepted;
  } finally {
    measures.close();
    reader.close();
  }
}

/** What is sent when, and what goes wrong on purpose. */
async function toPlan(context: Run) {
  const { config, source, clock } = context;
  const { reader } = source;
  const draw = createDraw(config.seed);
  const hasTime = config.timestamps !== 'arrival';
  const dueTimes = createDueTimes({ ...config, clock, draw, speed: hasTime ? config.speed : 0 });
  const fileSpacingMs = hasTime && config.speed > 0 ? await findSpacingMs(reader) : undefined;
  const spacingMs = () => (fileSpacingMs === undefined ? dueTimes.spacingMs() : fileSpacingMs / config.speed);
  return {
    reader,
    loops: toLoops(context),
    dueTimes,
    toChunkRows: () => toChunkRows({ chunk: config.chunk, spacingMs: spacingMs() }),
    toFaults: createFaultPlan(config.faults, draw),
    toLoopStart: async (loop: number) => (loop === 0 || !hasTime ? 0 : loop * (await reader.lengthMs())),
    toTimestamp: createToTimestamp(config),
  };
}

function createToTimestamp({ timestamps, speed }: Config) {
  return ({ offsetMs, timestampMs }: Placed, startedAt: string): string | undefined => {
    if (timestamps === 'arrival') return undefined;
    if (timestamps === 'file')
      return timestampMs === undefined ? undefined : new Date(timestampMs).toISOString();
    return new Date(Math.round(Date.parse(startedAt) + offsetMs / (speed || 1))).toISOString();
  };
}

/** What can be read once is sent once. */
function toLoops({ config, source }: Run): number {
  return source.reader.state.fingerprint === null ? 1 : config.loops;
}

function toDeliver(load: LoadOptions) {
  return createDeliver(load);
}
