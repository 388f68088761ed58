import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';

const helloSchema = z.object({ versions: z.record(z.string(), z.string()) });
const answerSchema = z.object({ ns_per_row: z.number().positive() });

/** scikit-learn in a process of its own, its models fitted on the rows that ours are fitted on. */
export interface ScikitLearn {
  versions: Record<string, string>;
  /** Nanoseconds per row of `Pipeline.predict`, the rows handed over `batch` at a time. */
  measure: (task: { family: string; batch: number; calls: number }) => Promise<number>;
  stop: () => Promise<void>;
}

type Python = ChildProcessByStdio<Writable, Readable, null>;

/** @returns undefined where Python or scikit-learn is not installed */
export async function startScikitLearn(folder: string): Promise<ScikitLearn | undefined> {
  const program = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
  const script = join(import.meta.dirname, 'scikit_learn.py');
  const python: Python = spawn(program, [script, folder], { stdio: ['pipe', 'pipe', 'ignore'] });
  const exited = once(python, 'exit').catch(() => undefined);
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done) return undefined;
  const { versions } = helloSchema.parse(JSON.parse(first.value));
  return {
    versions,
    async measure(task) {
      python.stdin.write(`${JSON.stringify(task)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`scikit-learn ended while it measured ${task.family}`);
      return answerSchema.parse(JSON.parse(value)).ns_per_row;
    },
    async stop() {
      python.stdin.end();
      await exited;
    },
  };
}
