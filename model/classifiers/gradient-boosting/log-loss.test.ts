import { describe, expect, test } from 'vitest';
import { expit } from '../expit.ts';
import { negativeGradient, newtonLeafValues, priorLogOdds } from './log-loss.ts';

describe('expit', () => {
  test('is a half at 0, symmetric, and 0 and 1 at the ends', () => {
    expect(expit(0)).toBe(0.5);
    expect(expit(Math.log(3))).toBeCloseTo(0.75, 15);
    expect(expit(2) + expit(-2)).toBeCloseTo(1, 15);
    expect([expit(-800), expit(800)]).toEqual([0, 1]);
  });
});

describe('priorLogOdds', () => {
  test('is the log of the odds of label 1', () => {
    expect(priorLogOdds(Uint8Array.of(0, 0, 0, 1))).toBeCloseTo(Math.log(1 / 3), 15);
  });

  test('is clipped where all labels are equal', () => {
    expect(priorLogOdds(Uint8Array.of(1, 1))).toBe(Math.log((1 - 2 ** -23) / 2 ** -23));
    expect(priorLogOdds(Uint8Array.of(0, 0))).toBe(Math.log(2 ** -23 / (1 - 2 ** -23)));
  });
});

describe('negativeGradient', () => {
  test('is the label minus the probability', () => {
    const out = new Float64Array(2);
    negativeGradient(Uint8Array.of(1, 0), Float64Array.of(0, 0), out);
    expect(Array.from(out)).toEqual([0.5, -0.5]);
  });
});

describe('newtonLeafValues', () => {
  test('divides the residuals by p(1 − p), leaf by leaf', () => {
    const values = newtonLeafValues(Uint8Array.of(1, 0, 1), Float64Array.of(0.5, -0.25, 0.25), {
      leafOf: Int32Array.of(1, 1, 2),
      nodes: 3,
    });
    expect(values[0]).toBe(0);
    expect(values[1]).toBeCloseTo(0.25 / (0.25 + 0.1875), 15);
    expect(values[2]).toBeCloseTo(0.25 / 0.1875, 15);
  });

  test('is 0 where the denominator vanishes', () => {
    const leaf = { leafOf: Int32Array.of(0), nodes: 1 };
    expect(Array.from(newtonLeafValues(Uint8Array.of(1), Float64Array.of(0), leaf))).toEqual([0]);
  });
});
