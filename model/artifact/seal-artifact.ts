import { createHash } from 'node:crypto';
import type { Artifact, ArtifactContents } from './artifact-schema.ts';

/** JSON without whitespace; the keys of every object are sorted by UTF-16 code unit. */
export function toCanonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** Adds `sha256` and the `name` derived from it. An existing name or hash is ignored. */
export function sealArtifact(contents: ArtifactContents): Artifact {
  const {
    format,
    type,
    features,
    class_names,
    imputer,
    scaler,
    classifier,
    threshold,
    background,
    origin,
    reference,
  } = contents;
  const covered = {
    format,
    ...(type !== undefined && { type }),
    features,
    class_names,
    ...(imputer !== undefined && { imputer }),
    scaler,
    classifier,
    threshold,
    background,
    origin,
    reference,
  };
  const sha256 = createHash('sha256').update(toCanonicalJson(covered)).digest('hex');
  return { ...covered, name: `${classifier.family}-${sha256.slice(0, 8)}`, sha256 };
}

/** The text of an artifact file: one line per part. Equal artifacts give equal bytes. */
export function serializeArtifact({ format, name, ...parts }: Artifact): string {
  const lines = Object.entries({ format, name, ...parts }).map(
    ([key, part]) => `${JSON.stringify(key)}:${JSON.stringify(part)}`,
  );
  return `{\n${lines.join(',\n')}\n}\n`;
}
