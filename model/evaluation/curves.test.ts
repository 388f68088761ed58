import { describe, expect, test } from 'vitest';
import reference from '../reference/evaluation.json' with { type: 'json' };
import { averagePrecision, brierScore, calibrationBins, precisionRecallCurve, rocCurve } from './curves.ts';

const closeTo = (rows: readonly (readonly number[])[]) =>
  rows.map((row) => row.map((value) => expect.closeTo(value, 12)));

describe.each(reference.curves)('curves agree with scikit-learn: $name', (expected) => {
  const labels = Uint8Array.from(expected.labels);
  const scores = Float64Array.from(expected.scores);

  test('ROC', () => {
    expect(rocCurve(labels, scores)).toEqual(closeTo(expected.roc));
  });

  test('precision and recall', () => {
    const curve = precisionRecallCurve(labels, scores);
    expect(curve).toEqual(closeTo(expected.precision_recall));
    expect(averagePrecision(curve)).toBeCloseTo(expected.average_precision, 12);
  });

  test('calibration', () => {
    const bins = calibrationBins(labels, scores);
    expect(bins.map(({ meanScore, share }) => [meanScore, share])).toEqual(closeTo(expected.calibration));
    expect(bins.reduce((sum, { rows }) => sum + rows, 0)).toBe(labels.length);
    expect(brierScore(labels, scores)).toBeCloseTo(expected.brier, 12);
  });
});
