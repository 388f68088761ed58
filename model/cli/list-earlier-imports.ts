import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Artifact } from '../artifact/artifact-schema.ts';

const importedSchema = z.object({
  name: z.string(),
  type: z.string().optional(),
  origin: z.object({ kind: z.literal('imported'), files: z.array(z.object({ sha256: z.string() })) }),
});

/**
 * The names of other artifacts in the folder that are imports of the same files for the same sensor type, with other flags. Files
 * that have another name than their artifact are copies that a user made, and are left out.
 */
export async function listEarlierImports(artifact: Artifact, folder: string): Promise<string[]> {
  const wanted = toKey(importedSchema.parse(artifact));
  const found: string[] = [];
  for (const file of await readdir(folder)) {
    if (!file.endsWith('.json') || file === `${artifact.name}.json`) continue;
    const { data } = importedSchema.safeParse(parseJson(await readFile(join(folder, file), 'utf8')));
    if (data !== undefined && file === `${data.name}.json` && toKey(data) === wanted) found.push(data.name);
  }
  return found;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toKey({ type, origin }: z.infer<typeof importedSchema>): string {
  return JSON.stringify([type, origin.files.map(({ sha256 }) => sha256).sort()]);
}
