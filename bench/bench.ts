import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** One run of a bench: its folder, and what is undone at its end, the last first. */
export interface Bench {
  folder: string;
  say: (line: string) => void;
  defer: (undo: () => unknown) => void;
  /** Every step is taken, whatever the others do; a second call does nothing. */
  end: () => Promise<void>;
}

/** What the command line asks for. */
export interface Flags {
  rounds: number | undefined;
  seconds: number;
  minutes: number;
  rows: readonly number[];
  sensors: readonly number[];
  databaseUrl: string | undefined;
  against: string | undefined;
}

export function createBench(say: Bench['say']): Bench {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const steps: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  return {
    folder,
    say,
    defer: (undo) => void steps.push(undo),
    async end() {
      for (let step = steps.pop(); step; step = steps.pop()) {
        try {
          await step();
        } catch (error) {
          process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
        }
      }
    },
  };
}

/** Runs a script of ours in a process of its own; resolves with what it prints as one line of JSON. */
export async function runScript(script: string, task: unknown): Promise<unknown> {
  const options = { maxBuffer: 1 << 24 };
  const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(task)], options);
  return JSON.parse(stdout);
}

/** What figures depend on besides the code. */
export function describeMachine() {
  const cpu = cpus()[0]?.model.trim() ?? 'unknown';
  return { cpu, cores: cpus().length, node: process.version, date: new Date().toISOString().slice(0, 10) };
}

/** The share of the CPU, 0 to 1, that the host kept from this machine since the last call, or the first one. */
export function createStolenTimeMeter(): () => number {
  const read = () => {
    const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
    // The ninth and tenth figure, of guests, are part of the others.
    const ticks = line.split(/\s+/).slice(1, 9).map(Number);
    return { stolen: ticks[7] ?? 0, all: ticks.reduce((sum, value) => sum + value, 0) };
  };
  let before = read();
  return () => {
    const now = read();
    const share = (now.stolen - before.stolen) / Math.max(1, now.all - before.all);
    before = now;
    return share;
  };
}

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** CPU time of all threads of a process in microseconds. */
export function readCpuUs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in brackets may have spaces; utime and stime are the 12th and 13th field after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1e6;
}

export function readResidentMib(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) / 1024;
}
