import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { FileFault, toFileFault } from './file-fault.ts';
import { standardInputName } from './open-bytes.ts';

const fingerprintBytes = 64 * 1024;

export type FileState = {
  /** As the API is told of it. */
  name: string;
  /** Of its size and beginning; null where the file can be read once only. */
  fingerprint: string | null;
  bytes: number;
  /** @throws FileFault if it is no longer what it was. */
  check: () => Promise<void>;
};

/** A pipe can be read once, as the standard input can. @throws FileFault */
export async function readFileState(file: string): Promise<FileState> {
  const once = { fingerprint: null, bytes: 0, check: async () => undefined };
  if (file === standardInputName) return { ...once, name: 'standard input' };
  const name = basename(file).slice(0, 255);
  try {
    const first = await stat(file);
    if (!first.isFile() && !first.isDirectory()) return { ...once, name };
    const check = async () => {
      const now = await stat(file).catch((error: unknown) => {
        throw toFileFault(file, error);
      });
      const isSame = now.size === first.size && now.mtimeMs === first.mtimeMs && now.ino === first.ino;
      if (isSame) return;
      const what = now.size < first.size ? 'was cut off' : 'changed';
      throw new FileFault(`${file} ${what} while it was read; send a copy that stays as it is`);
    };
    return { name, fingerprint: await toFingerprint(file, first.size), bytes: first.size, check };
  } catch (error) {
    throw toFileFault(file, error);
  }
}

async function toFingerprint(file: string, size: number): Promise<string> {
  const opened = await open(file);
  try {
    const { buffer, bytesRead } = await opened.read(Buffer.alloc(fingerprintBytes), 0, fingerprintBytes, 0);
    return createHash('sha256').update(`${size}\n`).update(buffer.subarray(0, bytesRead)).digest('hex');
  } finally {
    await opened.close();
  }
}
