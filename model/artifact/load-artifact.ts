import { readFile } from 'node:fs/promises';
import { ArtifactError } from './artifact-error.ts';
import { type LoadedArtifact, parseArtifact } from './parse-artifact.ts';

/** @throws ArtifactError when the file cannot be read or must not be used */
export async function loadArtifact(path: string): Promise<LoadedArtifact> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    const remedy = 'Run `npm run train` to make it, or name another file';
    throw new ArtifactError(path, { problem: `cannot be read: ${cause.message}`, remedy, cause });
  });
  return parseArtifact(text, path);
}
