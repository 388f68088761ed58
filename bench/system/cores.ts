import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const tasksetPath = '/usr/bin/taskset';

/**
 * Says on which cores the processes run that are started from then on: the last is for who asks, so that it takes
 * nothing from who answers. Without `taskset`, or with a single core, all share all.
 */
export function divideCores() {
  const last = availableParallelism() - 1;
  const isDivided = last > 0 && existsSync(tasksetPath);
  function startOn(cores: string): void {
    // A process inherits what the thread that starts it may run on.
    if (isDivided) execFileSync(tasksetPath, ['--pid', '--cpu-list', cores, String(process.pid)]);
  }
  return {
    isDivided,
    forServers: () => startOn(`0-${last - 1}`),
    forLoad: () => startOn(String(last)),
    forAll: () => startOn(`0-${last}`),
  };
}
