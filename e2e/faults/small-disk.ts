import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface SmallDisk {
  /** Uses up the free space. */
  fill: () => void;
  free: () => void;
  unmount: () => void;
}

const chunk = Buffer.alloc(1 << 20);

function writeUntilFull(file: number): void {
  let size = chunk.length;
  while (size >= 1) {
    try {
      writeSync(file, chunk, 0, size);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
      size = Math.floor(size / 16);
    }
  }
}

/** Mounts a small file system in memory; undefined where this process may not mount. */
export function mountSmallDisk(directory: string, megabytes: number): SmallDisk | undefined {
  mkdirSync(directory, { mode: 0o700 });
  const options = `size=${megabytes}m,mode=0700`;
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'sentinel-faults', directory]);
  if (status !== 0) return undefined;
  const filler = join(directory, 'filler');
  return {
    fill() {
      const file = openSync(filler, 'w');
      writeUntilFull(file);
      closeSync(file);
    },
    free: () => rmSync(filler, { force: true }),
    unmount: () => void spawnSync('umount', [directory]),
  };
}
