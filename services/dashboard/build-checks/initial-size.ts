import { gzipSync } from 'node:zlib';

/** The properties of a built file that determine when it is loaded. */
export interface BuiltChunk {
  fileName: string;
  code: string;
  isEntry: boolean;
  /** Static imports; not those that are loaded later. */
  imports: readonly string[];
}

/** The files that are needed for the first paint: the entries and all of their static imports. */
export function findInitialChunks(chunks: readonly BuiltChunk[]): BuiltChunk[] {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const initial = new Set(chunks.filter(({ isEntry }) => isEntry));
  for (const { imports } of initial) {
    for (const name of imports) {
      const imported = byName.get(name);
      if (imported !== undefined) initial.add(imported);
    }
  }
  return [...initial];
}

function toKilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

/** @throws Error that names the files if their total gzip size exceeds the limit */
export function requireSmallStart(chunks: readonly BuiltChunk[], maxBytes: number): string {
  const sizes = findInitialChunks(chunks)
    .map(({ fileName, code }) => ({ fileName, bytes: gzipSync(code).byteLength }))
    .toSorted((a, b) => b.bytes - a.bytes);
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  const text = `initial JavaScript: ${toKilobytes(total)} of at most ${toKilobytes(maxBytes)}, gzip`;
  if (total <= maxBytes) return text;
  const files = sizes.map(({ fileName, bytes }) => `${fileName} ${toKilobytes(bytes)}`);
  throw new Error(`${text} (${files.join(', ')}): load what the first paint does not need with import()`);
}
