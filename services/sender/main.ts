import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { constants, hostname } from 'node:os';
import { escapeLines } from '@sensor-sentinel/model/table';
import { config as loadEnv } from 'dotenv';
import { systemClock } from './clock.ts';
import { toHelp } from './config/help.ts';
import { parseConfig } from './config/parse-config.ts';
import { runSender } from './sender.ts';
import { standardInputName } from './source/file-state.ts';

const graceMs = 5_000;

async function main(): Promise<number> {
  loadEnv({ quiet: true });
  const parsed = parseConfig({ env: process.env, args: process.argv.slice(2) });
  switch (parsed.kind) {
    case 'help':
      process.stdout.write(toHelp());
      return 0;
    case 'faults':
      process.stderr.write(`${escapeLines(parsed.faults.join('\n'))}\n`);
      return 2;
    case 'config':
      break;
  }
  const { config } = parsed;
  const isContainer = ['/.dockerenv', '/run/.containerenv'].some((mark) => existsSync(mark));
  const code = await runSender(config, {
    clock: systemClock,
    random: () => Math.random(),
    host: { hostname: hostname(), isContainer, unique: randomBytes(3).toString('hex') },
    standardInput: readStandardInput(),
    output: { write: (text) => process.stdout.write(escapeLines(text)) },
    progressOutput: process.stderr,
    isTerminal: process.stderr.isTTY,
    ...listenForSignals(),
  });
  // A pending read would keep the process alive.
  if (config.file === standardInputName) process.stdin.destroy();
  return code;
}

/** The first signal stops the sender and aborts it after a grace period; the second ends the process. */
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

/** A generator, so that standard input is not touched until it is read. */
async function* readStandardInput(): AsyncGenerator<Buffer> {
  yield* process.stdin;
}

process.exitCode = await main();
