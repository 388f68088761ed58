import { describe, expect, test } from 'vitest';
import { generateDataset } from '../../dataset/generate-dataset.ts';
import { createMatrix, type Matrix, rowOf, selectRows } from '../../matrix.ts';
import reference from '../../reference/support-vector-machine.json' with { type: 'json' };
import { fitStandardScaler } from '../../scalers/fit-scaler.ts';
import { transform } from '../../scalers/scaler.ts';
import { expit } from '../binary-classifier.ts';
import { kernelSchema } from './kernel.ts';
import {
  createDecisionFunction,
  createPlattProbability,
  createSupportVectorMachine,
  fitSupportVectorMachine,
  prepareSupportVectorMachine,
  type SupportVectorMachine,
  supportVectorMachineParametersSchema,
} from './support-vector-machine.ts';

type Theirs = Pick<SupportVectorMachine, 'dual_coef' | 'intercept'> & { support: number[]; kernel: unknown };

/** A machine as an importer creates it; the support vectors are the rows at the indices `support`. */
function toMachine({ machine }: { machine: Theirs }, rows: Matrix) {
  const { support, kernel, dual_coef, intercept } = machine;
  return {
    family: 'support-vector-machine',
    kernel: kernelSchema.parse(kernel),
    support_vectors: Array.from(selectRows(rows, support).values),
    dual_coef,
    intercept,
  } satisfies SupportVectorMachine;
}

function mapRows(matrix: Matrix, scoreOf: (row: Float64Array) => number): number[] {
  return Array.from({ length: matrix.rows }, (_, i) => scoreOf(rowOf(matrix, i)));
}

function largestDifference(actual: number[], expected: number[]): number {
  expect(actual.length).toBe(expected.length);
  return Math.max(...actual.map((value, i) => Math.abs(value - expected[i])));
}

const { columns, machines } = reference.kernels;
const rows = createMatrix(Float64Array.from(reference.kernels.rows), columns);
const queries = createMatrix(Float64Array.from(reference.kernels.queries), columns);

describe('createSupportVectorMachine', () => {
  test.each(machines)('decides as scikit-learn does with the kernel $name', (given) => {
    const machine = prepareSupportVectorMachine(toMachine(given, rows), columns);
    const decisions = mapRows(queries, createDecisionFunction(machine));
    const scale = Math.max(1, ...given.decisions.map(Math.abs));
    expect(largestDifference(decisions, given.decisions)).toBeLessThan(1e-12 * scale);
    const scores = mapRows(queries, createSupportVectorMachine(machine));
    expect(largestDifference(scores, given.decisions.map(expit))).toBeLessThan(1e-10);
    expect(scores.map((score) => Number(score > 0.5))).toEqual(given.predictions);
  });

  test.each(reference.fits)('does so on $name', (given) => {
    const trained = createMatrix(Float64Array.from(given.rows), given.columns);
    const scores = mapRows(
      trained,
      createSupportVectorMachine(prepareSupportVectorMachine(toMachine(given, trained), given.columns)),
    );
    expect(largestDifference(scores, given.decisions.map(expit))).toBeLessThan(1e-10);
    expect(scores.map((score) => Number(score > 0.5))).toEqual(given.predictions);
  });

  test('labels a row on the boundary, or next to it, as scikit-learn does', () => {
    const { boundary } = reference;
    const trained = createMatrix(Float64Array.from(boundary.rows), 1);
    const predictProba = createSupportVectorMachine(
      prepareSupportVectorMachine(toMachine(boundary, trained), 1),
    );
    const scores = boundary.queries.map((value) => predictProba(Float64Array.of(value)));
    expect(scores.map((score) => Number(score > 0.5))).toEqual(boundary.predictions);
    expect(Math.max(...scores.map((score) => Math.abs(score - 0.5)))).toBeLessThan(1e-15);
  });

  test('throws where the terms of a row overflow', () => {
    const machine: SupportVectorMachine = {
      family: 'support-vector-machine',
      kernel: { kind: 'linear' },
      support_vectors: [1e10, -1e10],
      dual_coef: [1, 1],
      intercept: 0,
    };
    expect(() =>
      createSupportVectorMachine(prepareSupportVectorMachine(machine, 1))(Float64Array.of(1e300)),
    ).toThrow('overflows float64');
  });
});

describe('createPlattProbability', () => {
  test.each(machines)('is the predict_proba of scikit-learn with the kernel $name', (given) => {
    const proba = createPlattProbability(
      prepareSupportVectorMachine({ ...toMachine(given, rows), platt: given.platt }, columns),
    );
    expect(proba).toBeDefined();
    if (proba === undefined) return;
    expect(largestDifference(mapRows(queries, proba), given.probabilities)).toBeLessThan(1e-10);
  });

  test('is undefined for a machine without it', () => {
    expect(
      createPlattProbability(prepareSupportVectorMachine(toMachine(machines[0], rows), columns)),
    ).toBeUndefined();
  });
});

type Fitted = Pick<SupportVectorMachine, 'support_vectors' | 'dual_coef' | 'kernel' | 'intercept'>;

function decisionsOf(machine: Fitted, matrix: Matrix): number[] {
  const decide = createDecisionFunction(
    prepareSupportVectorMachine({ family: 'support-vector-machine', ...machine }, matrix.columns),
  );
  return Array.from({ length: matrix.rows }, (_, i) => decide(rowOf(matrix, i)));
}

/** ½ ΣΣ dual_coef · dual_coef · K − Σ |dual_coef| */
function dualObjective(machine: Fitted, columns: number): number {
  const vectors = createMatrix(Float64Array.from(machine.support_vectors), columns);
  return decisionsOf(machine, vectors).reduce((sum, decision, i) => {
    const coefficient = machine.dual_coef[i];
    return sum + 0.5 * coefficient * (decision - machine.intercept) - Math.abs(coefficient);
  }, 0);
}

type TheirFit = Omit<Fitted, 'support_vectors' | 'kernel'> & {
  support: number[];
  kernel: { gamma?: number };
};

function expectSameMachine(ours: SupportVectorMachine, theirs: TheirFit, matrix: Matrix) {
  const kernel = { kind: 'rbf' as const, gamma: theirs.kernel.gamma ?? Number.NaN };
  expect(ours.kernel.kind === 'rbf' ? ours.kernel.gamma / kernel.gamma : 0).toBeCloseTo(1, 12);
  const support_vectors = Array.from(selectRows(matrix, theirs.support).values);
  const objective = dualObjective({ ...theirs, kernel, support_vectors }, matrix.columns);
  const difference = Math.abs(dualObjective(ours, matrix.columns) - objective);
  expect(difference).toBeLessThan(1e-3 * Math.min(1, Math.abs(objective)));
}

function differentLabels(decisions: number[], predictions: number[]): number {
  expect(decisions.length).toBe(predictions.length);
  return decisions.filter((decision, i) => Number(decision >= 0) !== predictions[i]).length;
}

describe('fitSupportVectorMachine', () => {
  test('has the objective and the labels of scikit-learn on the committed dataset', () => {
    const { features, labels } = generateDataset();
    const scaled = transform(fitStandardScaler(features), features);
    const ours = fitSupportVectorMachine(scaled, labels);
    const { machine, predictions } = reference.dataset;
    expectSameMachine(ours, machine, scaled);
    expect(differentLabels(decisionsOf(ours, scaled), predictions)).toBeLessThanOrEqual(labels.length / 1000);
  });

  test.each(reference.fits)('does so with $name', ({ parameters, columns, ...given }) => {
    const matrix = createMatrix(Float64Array.from(given.rows), columns);
    const settings = supportVectorMachineParametersSchema.parse(parameters);
    const ours = fitSupportVectorMachine(matrix, Uint8Array.from(given.labels), settings);
    expectSameMachine(ours, given.machine, matrix);
    expect(differentLabels(decisionsOf(ours, matrix), given.predictions)).toBe(0);
  });

  test('finds the closed form of two rows', () => {
    const machine = fitSupportVectorMachine(createMatrix(Float64Array.of(2, 3), 1), Uint8Array.of(1, 0), {
      C: 10,
      gamma: 1,
    });
    const alpha = 1 / (1 - Math.exp(-1));
    expect(machine.support_vectors).toEqual([3, 2]);
    expect(machine.dual_coef[0]).toBeCloseTo(-alpha, 6);
    expect(machine.dual_coef[1]).toBeCloseTo(alpha, 6);
    expect(machine.intercept).toBeCloseTo(0, 6);
  });

  test('bounds the coefficients by C, and their sum is 0', () => {
    const { rows, columns, labels } = reference.fits[0];
    const matrix = createMatrix(Float64Array.from(rows), columns);
    const { dual_coef } = fitSupportVectorMachine(matrix, Uint8Array.from(labels), { C: 0.3 });
    expect(Math.max(...dual_coef.map(Math.abs))).toBe(0.3);
    expect(Math.abs(dual_coef.reduce((sum, coefficient) => sum + coefficient, 0))).toBeLessThan(1e-9);
  });

  test('satisfies the margin of every row', () => {
    const { rows, columns, labels } = reference.fits[9];
    const matrix = createMatrix(Float64Array.from(rows), columns);
    const machine = fitSupportVectorMachine(matrix, Uint8Array.from(labels));
    const vectors = createMatrix(Float64Array.from(machine.support_vectors), columns);
    const slack = 2e-3;
    for (const [i, decision] of decisionsOf(machine, vectors).entries()) {
      const margin = Math.sign(machine.dual_coef[i]) * decision;
      if (Math.abs(machine.dual_coef[i]) < 1) expect(Math.abs(margin - 1)).toBeLessThan(slack);
      else expect(margin).toBeLessThan(1 + slack);
    }
  });

  test('throws when it does not converge', () => {
    const { rows, columns, labels } = reference.fits[0];
    const matrix = createMatrix(Float64Array.from(rows), columns);
    expect(() => fitSupportVectorMachine(matrix, Uint8Array.from(labels), { max_iter: 5 })).toThrow(
      'has not converged after 5 iterations: scale the features',
    );
  });

  test('refuses features that are too large for gamma', () => {
    const matrix = createMatrix(Float64Array.of(1e200, -1e200), 1);
    expect(() => fitSupportVectorMachine(matrix, Uint8Array.of(0, 1))).toThrow('is out of range for gamma');
  });

  test('refuses one class only', () => {
    const matrix = createMatrix(Float64Array.of(1, 2), 1);
    expect(() => fitSupportVectorMachine(matrix, new Uint8Array(2))).toThrow('no row has the label 1');
  });

  test.each([{ C: 0 }, { gamma: -1 }, { tol: 0 }, { max_iter: 0 }])('refuses %o', (wrong) => {
    const matrix = createMatrix(Float64Array.of(1, 2), 1);
    expect(() => fitSupportVectorMachine(matrix, Uint8Array.of(0, 1), wrong)).toThrow(Object.keys(wrong)[0]);
  });
});
