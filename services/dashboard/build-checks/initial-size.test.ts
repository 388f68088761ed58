import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type BuiltChunk, findInitialChunks, requireSmallStart } from './initial-size.ts';

/** Text that compresses to no less than half its size. */
function toNoise(length: number): string {
  const parts = Array.from({ length: Math.ceil(length / 64) }, (_, part) =>
    createHash('sha256').update(String(part)).digest('hex'),
  );
  return parts.join('').slice(0, length);
}

function chunk(fileName: string, more: Partial<BuiltChunk> = {}): BuiltChunk {
  return { fileName, code: '', isEntry: false, imports: [], ...more };
}

const vendor = chunk('vendor.js', { imports: ['shared.js'] });
const shared = chunk('shared.js', { imports: ['vendor.js'] });
const lazy = chunk('plot.js', { code: toNoise(100_000), imports: ['shared.js'] });
const entry = chunk('index.js', { isEntry: true, imports: ['vendor.js', 'gone.js'] });

describe('findInitialChunks', () => {
  test('finds the entry and its static imports, each once', () => {
    const names = findInitialChunks([lazy, shared, vendor, entry]).map(({ fileName }) => fileName);
    expect(names).toEqual(['index.js', 'vendor.js', 'shared.js']);
  });
});

describe('requireSmallStart', () => {
  test('ignores files that are loaded later', () => {
    expect(requireSmallStart([entry, vendor, shared, lazy], 1000)).toContain('of at most 1.0 kB');
  });

  test('throws above the limit and names the files', () => {
    const large = { ...vendor, code: toNoise(10_000) };
    expect(() => requireSmallStart([entry, large, shared], 1000)).toThrow(/vendor\.js \d/);
  });
});
