import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { artifactSchema, sealArtifact, serializeArtifact } from '@sensor-sentinel/model/training';

const packaged = join(import.meta.dirname, '../../model/artifacts');

/** Writes a valid model that calls fewer readings anomalies than the packaged one; returns its name. */
export function writeStricterModel(file: string, thresholdIncrease: number): string {
  const text = readFileSync(join(packaged, 'gradient-boosting.json'), 'utf8');
  const contents = artifactSchema.parse(JSON.parse(text));
  const model = sealArtifact({ ...contents, threshold: contents.threshold + thresholdIncrease });
  writeFileSync(file, serializeArtifact(model));
  return model.name;
}

/** Fills a folder with the packaged models, another valid one, and a file that is none; returns the other's name. */
export function provideModels(directory: string): string {
  cpSync(packaged, directory, { recursive: true });
  writeFileSync(join(directory, 'broken.json'), '{');
  return writeStricterModel(join(directory, 'stricter.json'), 0.05);
}
