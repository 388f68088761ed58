import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** One run of a bench: its folder, and what is undone at its end, the last first. */
export interface Bench {
  folder: string;
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
  /** The process of the server that `databaseUrl` names. */
  databasePid: number | undefined;
}

/** What a turn of a contender gave, by name. */
export type Figures = Readonly<Record<string, number>>;

export function createBench(): Bench {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const steps: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  return {
    folder,
    defer: (undo) => void steps.push(undo),
    async end() {
      for (let step = steps.pop(); step; step = steps.pop()) {
        try {
          await step();
        } catch (error) {
          console.error(String(error));
        }
      }
    },
  };
}

/** Runs a script of `bench/` in a process of its own; resolves with the figures that it prints as JSON. */
export async function runScript(script: string, ...args: (string | number)[]): Promise<Figures> {
  const command = [join(import.meta.dirname, script), ...args.map(String)];
  const { stdout } = await promisify(execFile)(process.execPath, command);
  return JSON.parse(stdout);
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
