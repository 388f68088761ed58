import { describe, expect, test } from 'vitest';
import { toColumns } from './reading-columns.ts';
import { createWindowCache } from './window-cache.ts';

const window = (version: string) => ({ version, columns: toColumns([]) });

describe('createWindowCache', () => {
  test('finds a window as long as its version is the same', () => {
    const cache = createWindowCache();
    const kept = window('1');
    cache.put('a', kept);
    expect(cache.find('a', '1')).toBe(kept.columns);
    expect(cache.find('a', '2')).toBeUndefined();
    expect(cache.find('a', '1')).toBeUndefined();
  });

  test('keeps the two windows that were used last', () => {
    const cache = createWindowCache();
    for (const key of ['a', 'b']) cache.put(key, window('1'));
    cache.find('a', '1');
    cache.put('c', window('1'));
    const isKept = (key: string) => cache.find(key, '1') !== undefined;
    expect(['a', 'b', 'c'].map(isKept)).toEqual([true, false, true]);
  });
});
