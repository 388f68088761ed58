import { readFileSync } from 'node:fs';

const sampleMs = 250;

/** Mebibytes that a process has in memory; undefined where the system does not tell. */
function readResidentMib(pid: number): number | undefined {
  try {
    const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kib === undefined ? undefined : Number(kib) / 1024;
  } catch {
    return undefined;
  }
}

export interface MemoryWatch {
  /** The most since the last call. */
  takeMax: () => number | undefined;
  stop: () => void;
}

export function watchMemory(pid: number): MemoryWatch {
  let max = readResidentMib(pid);
  const timer = setInterval(() => {
    const resident = readResidentMib(pid);
    if (resident !== undefined) max = Math.max(max ?? 0, resident);
  }, sampleMs);
  return {
    takeMax() {
      const taken = max;
      max = readResidentMib(pid);
      return taken;
    },
    stop: () => clearInterval(timer),
  };
}
