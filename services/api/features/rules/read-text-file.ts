import { readFile, stat } from 'node:fs/promises';

/** Reads a file of UTF-8. @throws Error whose message says why it cannot be read, without a path */
export async function readTextFile(path: string, maxBytes: number): Promise<string> {
  const bytes = await readBytes(path, maxBytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Error('the file is not UTF-8', { cause });
  }
}

async function readBytes(path: string, maxBytes: number): Promise<Uint8Array> {
  try {
    const file = await stat(path);
    // A device or a pipe could block, or never end.
    if (!file.isFile()) throw new Error('not a file');
    if (file.size > maxBytes) throw new Error(`the file is larger than ${maxBytes / 1024} KiB`);
    return await readFile(path);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (code === '') throw cause;
    throw new Error(`cannot read the file: ${reasons.get(code) ?? code}`, { cause });
  }
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'it does not exist'],
  ['ENOTDIR', 'it does not exist'],
  ['EACCES', 'no permission'],
]);
