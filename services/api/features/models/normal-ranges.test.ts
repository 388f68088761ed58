import { join } from 'node:path';
import { loadArtifact } from '@sensor-sentinel/model';
import { describe, expect, test } from 'vitest';
import { toNormalRanges } from './normal-ranges.ts';
import { prepareModel } from './prepare-model.ts';

const artifacts = join(import.meta.dirname, '../../../../model/artifacts');

describe('toNormalRanges', () => {
  test('returns the 5th and the 95th percentile of each feature', () => {
    const rows = Array.from({ length: 21 }, (_, row) => [row, 100 - 2 * row]);
    expect(toNormalRanges(rows)).toEqual([
      { low: 1, high: 19 },
      { low: 62, high: 98 },
    ]);
  });

  test('interpolates between two readings', () => {
    const [range] = toNormalRanges(Array.from({ length: 31 }, (_, row) => [row]));
    expect(range).toEqual({ low: 1.5, high: 28.5 });
  });

  test('returns nothing for too few readings', () => {
    expect(toNormalRanges(Array.from({ length: 19 }, () => [1]))).toEqual([]);
    expect(toNormalRanges([])).toEqual([]);
  });
});

describe('the description of a model', () => {
  test('includes the normal ranges', async () => {
    const loaded = await loadArtifact(join(artifacts, 'gradient-boosting.json'));
    const { features } = prepareModel(loaded).description;
    for (const { normal_range } of features) expect(normal_range?.low).toBeLessThan(normal_range?.high ?? 0);
    const bare = { ...loaded, artifact: { ...loaded.artifact, background: [] } };
    expect(prepareModel(bare).description.features).toEqual(loaded.artifact.features);
  });
});
