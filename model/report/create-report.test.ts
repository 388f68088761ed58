import { describe, expect, test } from 'vitest';
import { generateDataset } from '../dataset/generate-dataset.ts';
import { trainModels } from '../training/train-models.ts';
import { createReport } from './create-report.ts';

const dataset = {
  ...generateDataset({ rows: 160, seed: 6 }),
  featureNames: ['<script>alert(1)</script>', 'b & c', '"d"'],
  units: ['°C', '<em>', ''],
  classNames: ['fine', "o'clock <u>"] as const,
  remarks: ['label 1 is "<img src=x>"'],
  sha256: '0'.repeat(64),
};
let now = 0;
const clock = () => {
  now += 200;
  return now;
};
const families = ['logistic-regression', 'k-nearest-neighbors', 'gradient-boosting'] as const;
const parameters = { 'gradient-boosting': { n_estimators: 3 } };
const training = await trainModels(dataset, { families, folds: 2, parameters, clock });
const report = createReport(dataset, training);

describe('the report', () => {
  test('names every family in every section, and the best', () => {
    for (const title of ['Logistic regression', 'k-nearest neighbors', 'Gradient boosting']) {
      expect(report.split(`${title}<`).length - 1).toBeGreaterThanOrEqual(6);
    }
    expect(report.match(/class="winner"/g)).toHaveLength(1);
    expect(report).toContain(`± ${training.winner.crossValidation.sd.toFixed(4)}`);
  });

  test('shows names as text', () => {
    for (const tag of ['<script', '<em', '<u>', '<img']) expect(report).not.toContain(tag);
    expect(report).toContain('&lt;script&gt;alert(1)&lt;/script&gt; [°C]');
    expect(report).toContain('o&#39;clock &lt;u&gt;');
  });

  test('has no scripts and no external resources', () => {
    expect(report).not.toMatch(/<script|<link|<img|url\(|https?:|\son\w+=/);
    expect(report).toContain("default-src 'none'");
  });

  test('has only numbers in its drawings', () => {
    const drawn = [...report.matchAll(/ (?:d|cx|cy|r|x|y)="([^"]*)"/g)].map(([, text]) => text);
    expect(drawn.length).toBeGreaterThan(20);
    for (const text of drawn) expect(text).toMatch(/^[-ML0-9. ]+$/);
  });

  test('describes the dataset', () => {
    expect(report).toContain(dataset.sha256);
    expect(report).toContain('label 1 is &quot;&lt;img src=x&gt;&quot;');
    expect(report).toContain('2-fold cross-validation');
  });

  test('is the same for the same seed and clock', async () => {
    const again = await trainModels(dataset, { families, folds: 2, parameters, clock });
    expect(createReport(dataset, again)).toBe(report);
  });

  test('shows twelve of many features and counts the rest', async () => {
    const wide = {
      ...dataset,
      featureNames: Array.from({ length: 20 }, (_, i) => `f${i}`),
      units: Array.from({ length: 20 }, () => ''),
      features: {
        rows: 60,
        columns: 20,
        values: Float64Array.from({ length: 1200 }, (_, i) => (i * 7919) % 101),
      },
      labels: Uint8Array.from({ length: 60 }, (_, i) => i % 2),
    };
    const trained = await trainModels(wide, { families: ['logistic-regression'], folds: 2, clock });
    expect(createReport(wide, trained)).toContain('and 8 less important features');
  });
});
