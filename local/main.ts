import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { config as loadDotenv } from 'dotenv';
import type { Child } from './child-process.ts';
import { parseLocalConfig } from './config.ts';
import { removeAbandonedFolders } from './database/remove-abandoned-folders.ts';
import { keepLogsSmall, rotateLogs } from './rotate-logs.ts';
import { type RunningFile, takeRunningFile } from './running-file.ts';
import { StartError } from './start-error.ts';
import { requireFreePorts, startSystem } from './start-system.ts';

/** In this order, so that no reading is cut off on its way to the database. */
const stopLimitsMs = { sender: 2000, dashboard: 1000, retention: 500, api: 3500, database: 3000 };

const children: Child[] = [];
let runningFile: RunningFile | undefined;
let stopping: Promise<void> | undefined;

function say(line: string): void {
  process.stdout.write(`${new Date().toLocaleTimeString('en-GB')}  ${line}\n`);
}

async function stopAll(): Promise<void> {
  const named = new Set(Object.keys(stopLimitsMs));
  const others = children.filter(({ name }) => !named.has(name));
  await Promise.all(others.map((child) => child.stop(1000)));
  for (const [name, limitMs] of Object.entries(stopLimitsMs)) {
    await Promise.all(children.filter((child) => child.name === name).map((child) => child.stop(limitMs)));
  }
  runningFile?.remove();
}

function exit(code: number): void {
  stopping ??= stopAll().finally(() => {
    if (children.length > 0) say('stopped');
    process.exit(code);
  });
}

function watch(child: Child): void {
  children.push(child);
  runningFile?.add(child.pid);
  if (!(child.name in stopLimitsMs)) return;
  child.exited.then((how) => {
    if (stopping) return;
    say(`the ${child.name} ended (${how}): see ${child.logFile}`);
    if (child.name !== 'sender') exit(1);
  });
}

async function start(): Promise<void> {
  loadDotenv({ quiet: true });
  const config = parseLocalConfig(process.env);
  const directory = resolve(config.DATA_DIR);
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
  await startSystem({ config, say, onSpawn: watch });
  say('Ctrl-C stops everything; the readings are kept');
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (!stopping) say('stopping');
    exit(0);
  });
}

try {
  await start();
} catch (error) {
  if (!stopping) {
    const isExpected = error instanceof StartError;
    process.stderr.write(
      `Cannot start: ${isExpected ? error.message : error instanceof Error ? error.stack : error}\n`,
    );
  }
  exit(1);
}
