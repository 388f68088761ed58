import { stat } from 'node:fs/promises';
import { constants } from 'node:os';
import { config as loadEnv } from 'dotenv';
import { v7 as createUuid } from 'uuid';
import { createApiClient } from './api-client.ts';
import { systemClock as clock, systemSleep as sleep } from './clock.ts';
import { parseConfig } from './config.ts';
import { createCounts } from './counts.ts';
import { FileFault, toFileFault } from './file-fault.ts';
import { startHeartbeat } from './heartbeat.ts';
import { toHelp } from './help.ts';
import { createProgress, type Every } from './progress.ts';
import { run } from './run.ts';
import type { Config } from './settings.ts';
import { describeCounts, formatSummary, toExitCode, toSummary } from './summary.ts';

const graceMs = 5_000;

const every: Every = (ms, action) => {
  const timer = setInterval(action, ms);
  return () => clearInterval(timer);
};

/** The first signal stops, and after a while aborts; the second ends the process. */
function listenForSignals() {
  const stop = new AbortController();
  const abort = new AbortController();
  let stoppedBy: NodeJS.Signals | null = null;
  const onSignal = (signal: 'SIGINT' | 'SIGTERM') => {
    if (stoppedBy !== null) process.exit(128 + constants.signals[signal]);
    stoppedBy = signal;
    stop.abort();
    setTimeout(() => abort.abort(), graceMs).unref();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return { stop: stop.signal, abort: abort.signal, stoppedBy: () => stoppedBy };
}

async function replayFile(config: Config): Promise<number> {
  const { stop, abort, stoppedBy } = listenForSignals();
  const counts = createCounts();
  const client = createApiClient({ ...config, clock });
  const stopHeartbeat = startHeartbeat(config.heartbeatFile, every);
  const progress = createProgress({
    output: process.stderr,
    isTerminal: process.stderr.isTTY,
    every,
    describe: () => describeCounts(counts, clock.elapsed()),
  });
  const summarize = () => {
    const summary = toSummary({ counts, endedAt: clock.elapsed(), stoppedBy: stoppedBy() });
    process.stdout.write(config.json ? `${JSON.stringify(summary)}\n` : formatSummary(summary));
    return summary;
  };
  try {
    const { size } = await stat(config.file).catch((error: unknown) => {
      throw toFileFault(config.file, error);
    });
    const random = () => Math.random();
    const createId = () => createUuid();
    const outcome = await run({
      ...{ config, client, counts, progress, clock, sleep, random, createId, stop, abort },
      fileBytes: size,
    });
    const summary = summarize();
    return outcome === 'late' ? 1 : toExitCode(summary);
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    if (counts.startedAt !== undefined) summarize();
    progress.log(error.message);
    return 2;
  } finally {
    client.close();
    stopHeartbeat();
  }
}

async function main(): Promise<number> {
  loadEnv({ quiet: true });
  const parsed = parseConfig({ env: process.env, args: process.argv.slice(2) });
  switch (parsed.kind) {
    case 'help':
      process.stdout.write(toHelp());
      return 0;
    case 'faults':
      process.stderr.write(`${parsed.faults.join('\n')}\n`);
      return 2;
    case 'config':
      return replayFile(parsed.config);
  }
}

process.exitCode = await main();
