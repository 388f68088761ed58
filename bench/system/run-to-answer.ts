import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs a script of ours in a process of its own, and gives what it prints as one line of JSON. */
export async function runToAnswer(script: string, task: unknown): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(task)], {
    maxBuffer: 1 << 24,
  });
  return JSON.parse(stdout);
}
