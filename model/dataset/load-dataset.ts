import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Dataset } from './dataset.ts';
import { DatasetError } from './dataset-error.ts';
import { parseDataset } from './parse-dataset.ts';

/** A dataset from a file, with the SHA-256 of the file's bytes. */
export type LoadedDataset = Dataset & { readonly sha256: string };

/** @throws DatasetError when the file cannot be read or used */
export async function loadDataset(
  path: string,
  { target }: { target?: string } = {},
): Promise<LoadedDataset> {
  const bytes = await readFile(path).catch((cause) => {
    throw new DatasetError(path, [`cannot be read: ${cause.message}`], { cause });
  });
  const dataset = parseDataset(bytes.toString('utf8'), { source: path, ...(target && { target }) });
  return { ...dataset, sha256: createHash('sha256').update(bytes).digest('hex') };
}
