import { createHash } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const packaged = join(import.meta.dirname, '../../model/artifacts');

const artifactSchema = z.looseObject({
  classifier: z.looseObject({ family: z.string() }),
  threshold: z.number(),
  name: z.string(),
  sha256: z.string(),
});

/** JSON without spaces, keys sorted: what an artifact's hash is of. */
function toCanonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** Writes a valid model that calls fewer readings anomalies than the packaged one; returns its name. */
export function writeStricterModel(file: string, thresholdIncrease: number): string {
  const text = readFileSync(join(packaged, 'gradient-boosting.json'), 'utf8');
  const { name: _, sha256: __, ...contents } = artifactSchema.parse(JSON.parse(text));
  contents.threshold += thresholdIncrease;
  const sha256 = createHash('sha256').update(toCanonicalJson(contents)).digest('hex');
  const name = `${contents.classifier.family}-${sha256.slice(0, 8)}`;
  writeFileSync(file, JSON.stringify({ ...contents, name, sha256 }));
  return name;
}

/** Fills a folder with the packaged models, another valid one, and a file that is none; returns the other's name. */
export function provideModels(directory: string): string {
  cpSync(packaged, directory, { recursive: true });
  writeFileSync(join(directory, 'broken.json'), '{');
  return writeStricterModel(join(directory, 'stricter.json'), 0.05);
}
