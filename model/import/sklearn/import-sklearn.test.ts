import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createPipeline } from '../../pipeline.ts';
import reference12 from '../../reference/pickles-1.2.1.json' with { type: 'json' };
import reference14 from '../../reference/pickles-1.4.2.json' with { type: 'json' };
import reference19 from '../../reference/pickles-1.9.0.json' with { type: 'json' };
import { importSklearn } from './import-sklearn.ts';

const tolerance = 1e-10;
const fixtures = join(import.meta.dirname, '../fixtures');

function readFiles(version: string, names: readonly string[]) {
  return Promise.all(
    names.map(async (name) => ({ name, bytes: await readFile(join(fixtures, version, name)) })),
  );
}

/** The largest difference, NaN where any is. */
function difference(actual: readonly (number | undefined)[], expected: readonly number[]): number {
  return Math.max(...expected.map((value, i) => Math.abs((actual[i] ?? Number.NaN) - value)));
}

describe.each([
  { version: '1.2.1', reference: reference12 },
  { version: '1.4.2', reference: reference14 },
  { version: '1.9.0', reference: reference19 },
])('scikit-learn $version', ({ version, reference: { rows, cases } }) => {
  test.each(cases.map((one) => ({ calibrated: undefined, ...one })))(
    'scores as it does: $name',
    async ({ files, scores, labels, calibrated }) => {
      const parts = await importSklearn(await readFiles(version, files));
      expect(parts.version).toBe(version);
      const features = Array.from({ length: 3 }, (_, j) => ({ name: `f${j}`, unit: '' }));
      const pipeline = createPipeline({ ...parts, name: 'imported', features, threshold: 0.5 });
      const scored = rows.map((row) => pipeline.score(row));
      expect(difference(scored, scores)).toBeLessThanOrEqual(tolerance);
      expect(scored.map(pipeline.toPrediction)).toEqual(labels);
      const probabilities = rows.map((row) => pipeline.calibratedProbability(row));
      expect(difference(probabilities, calibrated ?? [])).toBeLessThanOrEqual(tolerance);
      expect(probabilities[0] === undefined).toBe(calibrated === undefined);
    },
  );
});
