import { setTimeout as delay } from 'node:timers/promises';
import type { Child } from './child-process.ts';
import { StartError } from './start-error.ts';

interface WaitOptions {
  child: Child;
  limitMs: number;
  isReady: () => Promise<boolean>;
}

/** Waits for a process to be ready. @throws StartError when it ends or the time runs out */
export async function waitUntilReady({ child, limitMs, isReady }: WaitOptions): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await isReady())) {
    if (child.hasExited()) {
      throw new StartError(`the ${child.name} ended (${await child.exited}): see ${child.logFile}`);
    }
    if (Date.now() > end) {
      throw new StartError(
        `the ${child.name} was not ready within ${limitMs / 1000} s: see ${child.logFile}`,
      );
    }
    await delay(50);
  }
}
