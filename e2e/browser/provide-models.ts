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

/** Fills a folder with the packaged models, another valid one, and a file that is none; returns the other's name. */
export function provideModels(directory: string): string {
  cpSync(packaged, directory, { recursive: true });
  const text = readFileSync(join(packaged, 'gradient-boosting.json'), 'utf8');
  const { name: _, sha256: __, ...contents } = artifactSchema.parse(JSON.parse(text));
  contents.threshold += 0.05;
  const sha256 = createHash('sha256').update(toCanonicalJson(contents)).digest('hex');
  const name = `${contents.classifier.family}-${sha256.slice(0, 8)}`;
  writeFileSync(join(directory, 'stricter.json'), JSON.stringify({ ...contents, name, sha256 }));
  writeFileSync(join(directory, 'broken.json'), '{');
  return name;
}
