import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { config as loadDotenv } from 'dotenv';
import type { Child } from './child-process.ts';
import { parseStartConfig } from './config.ts';
import { removeAbandonedFolders } from './database/remove-abandoned-folders.ts';
import { keepLogsSmall, rotateLogs } from './rotate-logs.ts';
import { type RunningFile, takeRunningFile } from './running-file.ts';
import { StartError } from './start-error.ts';
import { databaseFile, requireFreePorts, startSystem } from './start-system.ts';

/** In this order, so that no reading is cut off on its way to the database. */
const stopLimitsMs = new Map([
  ['sender', 2000],
  ['dashboard', 1000],
  ['retention', 500],
  ['api', 3500],
  ['database', 3000],
]);

const children = new Set<Child>();
let runningFile: RunningFile | undefined;
let directory = '';
const stopping = new AbortController();

function say(line: string): void {
  process.stdout.write(`${new Date().toLocaleTimeString('en-GB')}  ${line}\n`);
}

async function stopAll(): Promise<void> {
  const others = [...children].filter(({ name }) => !stopLimitsMs.has(name));
  await Promise.all(others.map((child) => child.stop(1000)));
  for (const [name, limitMs] of stopLimitsMs) {
    const named = [...children].filter((child) => child.name === name);
    await Promise.all(named.map((child) => child.stop(limitMs)));
  }
  if (runningFile === undefined) return;
  rmSync(join(directory, databaseFile), { force: true });
  runningFile.release();
}

function exit(code: number): void {
  if (stopping.signal.aborted) return;
  const isAnyRunning = children.size > 0;
  stopping.abort();
  stopAll().finally(() => {
    if (isAnyRunning) say('stopped');
    process.exit(code);
  });
}

function watch(child: Child): void {
  // A program that could not be started has no process.
  if (child.pid === 0) return;
  children.add(child);
  record(() => runningFile?.addChild(child.pid));
  child.exited.then(() => {
    children.delete(child);
    record(() => runningFile?.removeChild(child.pid));
  });
}

/** The system keeps running where the list of its processes cannot be written, for example because the disk is full. */
function record(change: () => void): void {
  try {
    change();
  } catch (error) {
    say(`running.json cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function start(): Promise<void> {
  loadDotenv({ quiet: true });
  const config = parseStartConfig(process.env);
  directory = resolve(config.DATA_DIR);
  const logs = join(directory, 'logs');
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    runningFile = await takeRunningFile(join(directory, 'running.json'));
    mkdirSync(logs, { recursive: true });
    // Whatever their size: each start begins new logs, and the previous start's become the older ones.
    rotateLogs(logs, 0);
  } catch (error) {
    if (error instanceof StartError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `the data directory ${directory} cannot be used (${reason}): set DATA_DIR to another`,
    );
  }
  keepLogsSmall(logs, say);
  const removed = removeAbandonedFolders();
  if (removed > 0) {
    say(
      `removed ${removed} old ${removed === 1 ? 'copy' : 'copies'} of the database password from ${tmpdir()}`,
    );
  }
  await requireFreePorts(config);
  await startSystem({ config, say, onSpawn: watch, signal: stopping.signal });
  say('Ctrl-C stops everything; the readings are kept');
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (!stopping.signal.aborted) say('stopping');
    exit(0);
  });
}

// Writing fails when the program that reads the output has ended, as in `npm start | head`.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => exit(0));

try {
  await start();
} catch (error) {
  if (!stopping.signal.aborted) {
    const isExpected = error instanceof StartError;
    process.stderr.write(
      `Cannot start: ${isExpected ? error.message : error instanceof Error ? error.stack : error}\n`,
    );
  }
  exit(1);
}
