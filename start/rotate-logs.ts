import { copyFileSync, existsSync, readdirSync, renameSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

const maxLogBytes = 10_000_000;
const olderLogs = 3;
const intervalMs = 1000;

/**
 * Rotates every log of a directory that is larger than the limit: `api.log` becomes `api.log.1`, which
 * becomes `api.log.2`, and so on; three older logs are kept.
 */
export function rotateLogs(directory: string, maxBytes: number): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const file = join(directory, entry.name);
    if (entry.isFile() && entry.name.endsWith('.log') && statSync(file).size > maxBytes) rotate(file);
  }
}

/** Keeps the logs of a directory below 10 MB until the process ends. A fault is said once. */
export function keepLogsSmall(directory: string, say: (line: string) => void): void {
  let lastFault = '';
  setInterval(() => {
    try {
      rotateLogs(directory, maxLogBytes);
      lastFault = '';
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      if (fault !== lastFault) say(`the logs cannot be rotated: ${fault}`);
      lastFault = fault;
    }
  }, intervalMs);
}

/**
 * Copies the log and truncates it, as "copytruncate" of logrotate does, because its process keeps the
 * file open: after a rename it would go on writing to the renamed file. A process that wrote through
 * a pipe to this one would not have that file, but would fail as soon as this one is killed. What is
 * written between the copy and the truncation is lost.
 */
function rotate(file: string): void {
  for (let older = olderLogs - 1; older >= 1; older -= 1) {
    if (existsSync(`${file}.${older}`)) renameSync(`${file}.${older}`, `${file}.${older + 1}`);
  }
  try {
    copyFileSync(file, `${file}.1`);
  } finally {
    // Also where it cannot be copied, for example because the disk is full: it must not grow further.
    truncateSync(file);
  }
}
