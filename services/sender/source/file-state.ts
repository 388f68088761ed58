import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';

/** The `--file` that stands for standard input. */
export const standardInputName = '-';

const fingerprintBytes = 64 * 1024;

export interface FileState {
  /** The name that the API shows. */
  name: string;
  /** Hash of the size and the first 64 KiB; null for a pipe, which can be read only once. */
  fingerprint: string | null;
  bytes: number;
  /** @throws FileFault if the file has changed since it was opened */
  check: () => Promise<void>;
}

/** The file cannot be sent: it is unreadable, not a CSV file of readings, or it changed while it was read. */
export class FileFault extends Error {}

/** Standard input and named pipes can be read only once, so they have no fingerprint. @throws FileFault */
export async function readFileState(file: string): Promise<FileState> {
  const readOnce = { fingerprint: null, bytes: 0, check: async () => undefined };
  if (file === standardInputName) return { ...readOnce, name: toShownName(file) };
  const name = basename(file).slice(0, 255);
  try {
    const opened = await stat(file);
    if (!opened.isFile() && !opened.isDirectory()) return { ...readOnce, name };
    const check = async () => {
      const now = await stat(file).catch((error: unknown) => {
        throw toFileFault(file, error);
      });
      const isSame = now.size === opened.size && now.mtimeMs === opened.mtimeMs && now.ino === opened.ino;
      if (isSame) return;
      const change = now.size < opened.size ? 'was truncated' : 'changed';
      throw new FileFault(`${file} ${change} while it was read; send a copy that does not change`);
    };
    return { name, fingerprint: await toFingerprint(file, opened.size), bytes: opened.size, check };
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

/** The file as messages name it. */
export function toShownName(file: string): string {
  return file === standardInputName ? 'standard input' : file;
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'does not exist; expected a CSV file of readings'],
  ['ENOTDIR', 'does not exist; expected a CSV file of readings'],
  ['EISDIR', 'is a directory; expected a CSV file of readings'],
  ['EACCES', 'cannot be read: permission denied; make it readable for this user'],
  ['EPERM', 'cannot be read: permission denied; make it readable for this user'],
  ['Z_BUF_ERROR', 'is a truncated gzip file; compress or copy it again'],
  ['Z_DATA_ERROR', 'is a corrupt gzip file; compress or copy it again'],
]);

/** Turns an error of the file system or of zlib into one that says what to do. */
export function toFileFault(file: string, cause: unknown): FileFault {
  if (cause instanceof FileFault) return cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const message = cause instanceof Error ? cause.message : String(cause);
  const reason = reasons.get(code) ?? `cannot be read: ${message}`;
  return new FileFault(`${file} ${reason}`, { cause });
}
