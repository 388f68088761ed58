import { describe, expect, test } from 'vitest';
import { createMatrix, type Matrix, rowOf, selectRows } from '../../matrix.ts';
import reference from '../../reference/support-vector-machine.json' with { type: 'json' };
import { expit } from '../expit.ts';
import { kernelSchema } from './kernel.ts';
import {
  createDecisionFunction,
  createPlattProbability,
  createSupportVectorMachine,
  type SupportVectorMachine,
} from './support-vector-machine.ts';

type Theirs = Pick<SupportVectorMachine, 'dual_coef' | 'intercept'> & { support: number[]; kernel: unknown };

/** As an importer makes it: the rows that `support` names are the support vectors. */
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
    const machine = toMachine(given, rows);
    const decisions = mapRows(queries, createDecisionFunction(machine, columns));
    const scale = Math.max(1, ...given.decisions.map(Math.abs));
    expect(largestDifference(decisions, given.decisions)).toBeLessThan(1e-12 * scale);
    const scores = mapRows(queries, createSupportVectorMachine(machine, columns));
    expect(largestDifference(scores, given.decisions.map(expit))).toBeLessThan(1e-10);
    expect(scores.map((score) => Number(score > 0.5))).toEqual(given.predictions);
  });

  test.each(reference.fits)('does so on $name', (given) => {
    const trained = createMatrix(Float64Array.from(given.rows), given.columns);
    const scores = mapRows(trained, createSupportVectorMachine(toMachine(given, trained), given.columns));
    expect(largestDifference(scores, given.decisions.map(expit))).toBeLessThan(1e-10);
    expect(scores.map((score) => Number(score > 0.5))).toEqual(given.predictions);
  });

  test('labels a row on the boundary, or next to it, as scikit-learn does', () => {
    const { boundary } = reference;
    const trained = createMatrix(Float64Array.from(boundary.rows), 1);
    const predictProba = createSupportVectorMachine(toMachine(boundary, trained), 1);
    const scores = boundary.queries.map((value) => predictProba(Float64Array.of(value)));
    expect(scores.map((score) => Number(score > 0.5))).toEqual(boundary.predictions);
    expect(Math.max(...scores.map((score) => Math.abs(score - 0.5)))).toBeLessThan(1e-15);
  });

  test('refuses a row whose terms overflow and cancel, instead of answering', () => {
    const machine: SupportVectorMachine = {
      family: 'support-vector-machine',
      kernel: { kind: 'linear' },
      support_vectors: [1e10, -1e10],
      dual_coef: [1, 1],
      intercept: 0,
    };
    expect(() => createSupportVectorMachine(machine, 1)(Float64Array.of(1e300))).toThrow('beyond float64');
  });
});

describe('createPlattProbability', () => {
  test.each(machines)('is the predict_proba of scikit-learn with the kernel $name', (given) => {
    const proba = createPlattProbability({ ...toMachine(given, rows), platt: given.platt }, columns);
    expect(proba).toBeDefined();
    if (proba === undefined) return;
    expect(largestDifference(mapRows(queries, proba), given.probabilities)).toBeLessThan(1e-10);
  });

  test('is not there for a machine without it', () => {
    expect(createPlattProbability(toMachine(machines[0], rows), columns)).toBeUndefined();
  });
});
