import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { coalesce } from '../../coalesce.ts';
import { loadModel } from './load-model.ts';
import { createServedModel, type ServedModel } from './served-model.ts';

const maxFiles = 100;
const maxFileBytes = 256 * 1024 * 1024;

/** Why a file is not a valid artifact. */
interface FileFault {
  file: string;
  detail: string;
}

export type ModelFolder = ReturnType<typeof createModelFolder>;

interface Entry {
  /** Changes whenever the file changes. */
  fileVersion: string;
  model?: ServedModel;
  fault?: string;
}

/**
 * The verified artifacts of a folder, and the faults of its other files: at most 100 files of at most 256 MiB each. Starts
 * without models; `scan` loads them, until `signal` is aborted.
 */
export function createModelFolder(directory: string, signal: AbortSignal) {
  let entries = new Map<string, Entry>();
  let folderFault: string | undefined;

  async function listFiles(): Promise<string[]> {
    try {
      const names = await readdir(directory);
      folderFault = undefined;
      return names.filter((name) => name.endsWith('.json') && !name.startsWith('.')).sort();
    } catch (error) {
      folderFault = `${directory}: cannot be read: ${toReason(error)}. Set MODEL_DIR to a folder of artifacts.`;
      return [];
    }
  }

  async function read(): Promise<void> {
    const files = await listFiles();
    const found = new Map<string, Entry>();
    for (const file of files.slice(0, maxFiles)) {
      found.set(file, await readEntry(join(directory, file), entries.get(file), signal));
      signal.throwIfAborted();
    }
    for (const file of files.slice(maxFiles)) {
      found.set(file, { fileVersion: '', fault: `${file}: the folder has more than ${maxFiles} files` });
    }
    entries = found;
  }

  return {
    directory,
    /** Loads files that are new or changed since the last scan. The result is never older than the call. */
    scan: coalesce(read),
    models: (): ServedModel[] => [...entries.values()].flatMap(({ model }) => (model ? [model] : [])),
    faults: (): FileFault[] => [
      ...(folderFault === undefined ? [] : [{ file: directory, detail: folderFault }]),
      ...[...entries].flatMap(([file, { fault }]) => (fault === undefined ? [] : [{ file, detail: fault }])),
    ],
  };
}

function toReason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function readEntry(path: string, known: Entry | undefined, signal: AbortSignal): Promise<Entry> {
  try {
    const found = await stat(path);
    const fileVersion = [found.mtimeMs, found.ctimeMs, found.size, found.ino].join(' ');
    if (known?.fileVersion === fileVersion) return known;
    if (!found.isFile()) return { fileVersion, fault: `${path}: is not a file` };
    if (found.size > maxFileBytes)
      return { fileVersion, fault: `${path}: is larger than ${maxFileBytes} bytes` };
    return await loadEntry(path, { fileVersion, size: found.size, signal });
  } catch (error) {
    return { fileVersion: '', fault: `${path}: cannot be read: ${toReason(error)}` };
  }
}

async function loadEntry(
  path: string,
  { fileVersion, size, signal }: { fileVersion: string; size: number; signal: AbortSignal },
): Promise<Entry> {
  try {
    const prepared = await loadModel(path, { size, signal });
    return { fileVersion, model: createServedModel(prepared, basename(path)) };
  } catch (error) {
    return { fileVersion, fault: toReason(error) };
  }
}
