import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** The packages that a file and its direct and indirect imports use. */
function packagesOf(file: URL, seen = new Set<string>()): string[] {
  if (seen.has(file.href)) return [];
  seen.add(file.href);
  const imports = readFileSync(file, 'utf8').matchAll(/ from '([^']+)'|\bimport\('([^']+)'\)/g);
  const imported = [...imports].map(([, name, dynamic]) => name ?? dynamic);
  return imported.flatMap((name) => (name.startsWith('.') ? packagesOf(new URL(name, file), seen) : [name]));
}

describe('the serving entry', () => {
  test('needs zod and Node only', () => {
    const packages = new Set(packagesOf(new URL('index.ts', import.meta.url)));
    expect([...packages].sort()).toEqual(['node:crypto', 'node:fs/promises', 'zod']);
  });
});
