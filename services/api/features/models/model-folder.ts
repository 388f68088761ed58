import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { loadArtifact } from '@sensor-sentinel/model';
import { coalesce } from '../../coalesce.ts';
import { createServedModel, type ServedModel } from './served-model.ts';

const maxFiles = 100;
const maxFileBytes = 256 * 1024 * 1024;

export interface FileFault {
  file: string;
  detail: string;
}

/** The artifacts of a folder, each verified before it is a model, or refused with its fault. */
export interface ModelFolder {
  directory: string;
  /** Reads what is new or changed since the last time; what it finds was there after the call. */
  scan: () => Promise<void>;
  models: () => readonly ServedModel[];
  faults: () => readonly FileFault[];
}

interface Entry {
  /** Changes whenever the file does. */
  mark: string;
  model?: ServedModel;
  fault?: string;
}

export function createModelFolder(directory: string): ModelFolder {
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
      found.set(file, await readEntry(join(directory, file), file, entries.get(file)));
    }
    for (const file of files.slice(maxFiles)) {
      found.set(file, { mark: '', fault: `${file}: the folder has more than ${maxFiles} files` });
    }
    entries = found;
  }

  return {
    directory,
    scan: coalesce(read),
    models: () => [...entries.values()].flatMap(({ model }) => (model ? [model] : [])),
    faults: () => [
      ...(folderFault === undefined ? [] : [{ file: directory, detail: folderFault }]),
      ...[...entries].flatMap(([file, { fault }]) => (fault === undefined ? [] : [{ file, detail: fault }])),
    ],
  };
}

function toReason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function readEntry(path: string, file: string, known: Entry | undefined): Promise<Entry> {
  try {
    const found = await stat(path);
    const mark = [found.mtimeMs, found.ctimeMs, found.size, found.ino].join(' ');
    if (known?.mark === mark) return known;
    if (!found.isFile()) return { mark, fault: `${path}: is not a file` };
    if (found.size > maxFileBytes) return { mark, fault: `${path}: is larger than ${maxFileBytes} bytes` };
    return await loadEntry(path, { file, mark });
  } catch (error) {
    return { mark: '', fault: `${path}: cannot be read: ${toReason(error)}` };
  }
}

async function loadEntry(path: string, { file, mark }: { file: string; mark: string }): Promise<Entry> {
  try {
    return { mark, model: createServedModel(await loadArtifact(path), file) };
  } catch (error) {
    return { mark, fault: toReason(error) };
  }
}
