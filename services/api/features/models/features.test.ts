import { readFileSync } from 'node:fs';
import { climateType } from '@sensor-sentinel/contracts';
import { loadArtifact } from '@sensor-sentinel/model';
import { generateDataset } from '@sensor-sentinel/model/training';
import { expect, test } from 'vitest';

const { features } = climateType;

test('contracts, generator, artifact and packaged CSV have the same features and units', async () => {
  const names = features.map(({ name }) => name);
  const { artifact } = await loadArtifact(
    new URL('../../../../model/artifacts/gradient-boosting.json', import.meta.url).pathname,
  );
  expect(artifact.features).toEqual(features.map(({ name, unit }) => ({ name, unit })));
  expect(generateDataset({ rows: 10, seed: 1 }).featureNames).toEqual(names);
  const csv = readFileSync(new URL('../../../sender/data/readings.csv', import.meta.url), 'utf8');
  expect(csv.split('\n')[0]).toBe(names.join(','));
});
