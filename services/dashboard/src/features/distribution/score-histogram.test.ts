import { describe, expect, test } from 'vitest';
import { describeHistogram, listHistogramRows, toHistogramBars } from './score-histogram.tsx';

const bins = [
  { from: 0, to: 0.25, count: 80 },
  { from: 0.25, to: 0.5, count: 0 },
  { from: 0.5, to: 0.75, count: 4 },
  { from: 0.75, to: 1, count: 16 },
];

describe('toHistogramBars', () => {
  test('scales to the highest bar', () => {
    expect(toHistogramBars(bins, null).map(({ height }) => height)).toEqual([1, 0, 0.05, 0.2]);
  });

  test('marks the bins from the threshold upwards', () => {
    const marks = toHistogramBars(bins, 0.5).map(({ prediction }) => prediction);
    expect(marks).toEqual([0, 0, 1, 1]);
  });

  test('has empty bars without readings', () => {
    expect(toHistogramBars([{ from: 0, to: 1, count: 0 }], 0.5)[0]?.height).toBe(0);
    expect(toHistogramBars([], 0.5)).toEqual([]);
  });
});

describe('listHistogramRows', () => {
  test('has the count, the share and the prediction of each bin', () => {
    expect(listHistogramRows(toHistogramBars(bins, 0.5))).toEqual([
      ['0.00 to 0.25', '80', '80.0 %', 'Normal'],
      ['0.25 to 0.50', '0', '0.0 %', 'Normal'],
      ['0.50 to 0.75', '4', '4.0 %', 'Anomaly'],
      ['0.75 to 1.00', '16', '16.0 %', 'Anomaly'],
    ]);
  });
});

describe('describeHistogram', () => {
  test('names the fullest bin', () => {
    expect(describeHistogram(toHistogramBars(bins, 0.5))).toBe(
      'Score histogram of 4 bins; most readings (80 %) score 0.00 to 0.25',
    );
  });

  test('says when there are no readings', () => {
    expect(describeHistogram([])).toBe('Score histogram: no readings');
  });
});
