import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { StartError } from './start-error.ts';

const processSchema = z.object({ pid: z.int().positive(), startTime: z.string() });
const runningSchema = z.object({ starter: processSchema, children: z.array(processSchema) });
type Running = z.infer<typeof runningSchema>;

const stopLimitMs = 8000;

/** When the kernel started this process: with the pid, that names one process for ever. */
function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function isAlive({ pid, startTime }: Running['starter']): boolean {
  return startTimeOf(pid) === startTime;
}

async function stopLeftOver(children: Running['children']): Promise<void> {
  const end = Date.now() + stopLimitMs;
  for (const child of children.filter(isAlive)) process.kill(child.pid, 'SIGTERM');
  while (children.some(isAlive) && Date.now() < end) await delay(50);
  for (const child of children.filter(isAlive)) process.kill(child.pid, 'SIGKILL');
}

/** A file that a power cut damaged says nothing, as none does. */
function read(file: string): Running | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return runningSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

export interface RunningFile {
  addChild: (pid: number) => void;
  /** Forgets a process that has ended. */
  removeChild: (pid: number) => void;
  /** Removes the file, so that another start may take the data directory. */
  release: () => void;
}

/**
 * Takes the data directory for this process. What an earlier start left running because it was
 * killed is stopped first. Each write takes the file's place at once: nobody reads half of one.
 * @throws StartError while another start is running
 */
export async function takeRunningFile(file: string): Promise<RunningFile> {
  const before = read(file);
  if (before && isAlive(before.starter)) {
    throw new StartError(
      `it runs already (process ${before.starter.pid}): stop that one, or set DATA_DIR, API_PORT and DASHBOARD_PORT`,
    );
  }
  if (before) await stopLeftOver(before.children);
  const own = { pid: process.pid, startTime: startTimeOf(process.pid) ?? '' };
  const running: Running = { starter: own, children: [] };
  const write = () => {
    const unfinished = `${file}.unfinished`;
    writeFileSync(unfinished, JSON.stringify(running));
    renameSync(unfinished, file);
  };
  write();
  return {
    addChild(pid) {
      running.children.push({ pid, startTime: startTimeOf(pid) ?? '' });
      write();
    },
    removeChild(pid) {
      running.children = running.children.filter((child) => child.pid !== pid);
      write();
    },
    release: () => rmSync(file, { force: true }),
  };
}
