import { gzipSync } from 'node:zlib';

/** What of a built file decides about when it is loaded. */
export interface BuiltChunk {
  fileName: string;
  code: string;
  isEntry: boolean;
  /** The files that must be there before it runs; not those that it loads later. */
  imports: readonly string[];
}

/** The files that the page needs before it shows anything: its entries and all that they import. */
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

/** @throws Error that names the files, where together they are larger than the limit, compressed as a server does */
export function requireSmallStart(chunks: readonly BuiltChunk[], maxBytes: number): string {
  const sizes = findInitialChunks(chunks)
    .map(({ fileName, code }) => ({ fileName, bytes: gzipSync(code).byteLength }))
    .toSorted((a, b) => b.bytes - a.bytes);
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  const text = `initial JavaScript: ${toKilobytes(total)} of at most ${toKilobytes(maxBytes)}, gzip`;
  if (total <= maxBytes) return text;
  const files = sizes.map(({ fileName, bytes }) => `${fileName} ${toKilobytes(bytes)}`);
  throw new Error(`${text} (${files.join(', ')}): load what is not needed at once with import()`);
}
