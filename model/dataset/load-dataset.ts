import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ParsedDataset } from './dataset.ts';
import { DatasetError } from './dataset-error.ts';
import { type DatasetOptions, parseDataset } from './parse-dataset.ts';

/** A dataset from a file, with the SHA-256 of the file's bytes. */
export type LoadedDataset = ParsedDataset & { readonly sha256: string };

/** @throws DatasetError when the file cannot be read or used */
export async function loadDataset(path: string, options: DatasetOptions = {}): Promise<LoadedDataset> {
  const bytes = await readFile(path).catch((cause) => {
    throw new DatasetError(path, [`cannot be read: ${cause.message}`], { cause });
  });
  const dataset = parseDataset(toText(bytes, path), { ...options, source: path });
  return { ...dataset, sha256: createHash('sha256').update(bytes).digest('hex') };
}

function toText(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new DatasetError(path, ['is not text in UTF-8: save it anew in that encoding'], { cause });
  }
}
