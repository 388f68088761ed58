import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { constants, hostname } from 'node:os';
import { config as loadEnv } from 'dotenv';
import { systemClock as clock, systemSleep as sleep } from './clock.ts';
import { toHelp } from './config/help.ts';
import { parseConfig } from './config/parse-config.ts';
import { perform } from './perform.ts';
import type { Every } from './report/progress.ts';
import { standardInputName } from './source/open-bytes.ts';

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

async function* readStandardInput(): AsyncGenerator<Buffer> {
  yield* process.stdin;
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
      break;
  }
  const { config, options } = parsed;
  const isContainer = ['/.dockerenv', '/run/.containerenv'].some((mark) => existsSync(mark));
  const unique = randomBytes(3).toString('hex');
  const code = await perform({
    ...{ config, options, clock, sleep, every, ...listenForSignals() },
    random: () => Math.random(),
    host: { hostname: hostname(), isContainer, unique },
    standardInput: readStandardInput(),
    output: process.stdout,
    progressOutput: process.stderr,
    isTerminal: process.stderr.isTTY,
  });
  // A read that nobody waits for would keep the process alive.
  if (config.file === standardInputName) process.stdin.destroy();
  return code;
}

process.exitCode = await main();
