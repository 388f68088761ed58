import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createPipeline } from '../../pipeline.ts';
import reference12 from '../../reference/pickles-1.2.1.json' with { type: 'json' };
import reference14 from '../../reference/pickles-1.4.2.json' with { type: 'json' };
import reference19 from '../../reference/pickles-1.9.0.json' with { type: 'json' };
import {
  array,
  bytes,
  call,
  dict,
  doubles,
  dtype,
  float,
  global,
  instance,
  integer,
  join,
  list,
  no,
  none,
  type Part,
  pickle,
  text,
  tuple,
  yes,
} from '../testing/write-pickle.ts';
import { importSklearn } from './import-sklearn.ts';

const tolerance = 1e-10;
const fixtures = path.join(import.meta.dirname, '../fixtures');

function readFiles(version: string, names: readonly string[]) {
  return Promise.all(
    names.map(async (name) => ({ name, bytes: await readFile(path.join(fixtures, version, name)) })),
  );
}

/** The largest difference; NaN if any difference is NaN. */
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

type State = Readonly<Record<string, Part>>;

const common: State = {
  n_features_in_: integer(2),
  classes_: doubles([0, 1]),
  _sklearn_version: text('1.4.2'),
};

const logistic = (state: State = {}) =>
  instance('sklearn.linear_model._logistic', 'LogisticRegression', {
    ...common,
    coef_: doubles([1, 2], [1, 2]),
    intercept_: doubles([3]),
    ...state,
  });

const neighbors = (state: State = {}) =>
  instance('sklearn.neighbors._classification', 'KNeighborsClassifier', {
    ...common,
    weights: text('uniform'),
    n_neighbors: integer(1),
    leaf_size: integer(30),
    _fit_method: text('kd_tree'),
    effective_metric_: text('euclidean'),
    _fit_X: doubles([1, 2, 3, 4], [2, 2]),
    _y: doubles([0, 1]),
    ...state,
  });

const machine = (state: State = {}) =>
  instance('sklearn.svm._classes', 'SVC', {
    ...common,
    kernel: text('rbf'),
    _gamma: float(0.5),
    _sparse: no,
    support_vectors_: doubles([1, 2], [1, 2]),
    dual_coef_: doubles([1], [1, 1]),
    intercept_: doubles([0]),
    _probA: doubles([]),
    _probB: doubles([]),
    ...state,
  });

const standard = (state: State = {}) =>
  instance('sklearn.preprocessing._data', 'StandardScaler', {
    ...common,
    with_mean: yes,
    with_std: yes,
    mean_: doubles([0, 0]),
    var_: doubles([1, 1]),
    scale_: doubles([1, 1]),
    ...state,
  });

const clipping = () =>
  instance('sklearn.preprocessing._data', 'MinMaxScaler', {
    ...common,
    n_features_in_: integer(1),
    clip: yes,
    feature_range: tuple(float(0), float(1)),
    data_min_: doubles([0]),
    data_max_: doubles([1]),
    min_: doubles([0]),
    scale_: doubles([1]),
  });

const tree = (part: Part) =>
  instance('sklearn.tree._classes', 'DecisionTreeClassifier', { ...common, tree_: part });
const forest = (...estimators: readonly Part[]) =>
  instance('sklearn.ensemble._forest', 'RandomForestClassifier', {
    ...common,
    n_outputs_: integer(1),
    estimators_: list(...estimators),
  });
const boosting = (state: State) =>
  instance('sklearn.ensemble._gb', 'GradientBoostingClassifier', {
    ...common,
    loss: text('log_loss'),
    learning_rate: float(0.1),
    estimators_: array({ shape: [1, 1], dtype: dtype('O8'), content: list(none) }),
    ...state,
  });
const pipeline = (...steps: readonly Part[]) =>
  instance('sklearn.pipeline', 'Pipeline', { steps: list(...steps.map((step) => tuple(text('a'), step))) });

const imputer = (state: State = {}) =>
  instance('sklearn.impute._base', 'SimpleImputer', {
    ...common,
    missing_values: float(Number.NaN),
    add_indicator: no,
    statistics_: doubles([5, 6]),
    ...state,
  });
const withFunction = (called: Part) =>
  instance('sklearn.preprocessing._function_transformer', 'FunctionTransformer', { func: called });
const columns = (state: State) =>
  instance('sklearn.compose._column_transformer', 'ColumnTransformer', {
    ...common,
    transformer_weights: none,
    ...state,
  });
const columnsOf = (...branches: readonly [Part, number[]][]) =>
  columns({
    transformers_: list(...branches.map(([part], i) => tuple(text(`b${i}`), part, none))),
    _transformer_to_input_indices: dict(
      Object.fromEntries(branches.map(([, indices], i) => [`b${i}`, list(...indices.map(integer))])),
    ),
  });
const network = (state: State = {}) =>
  instance('sklearn.neural_network._multilayer_perceptron', 'MLPClassifier', {
    ...common,
    activation: text('relu'),
    out_activation_: text('logistic'),
    coefs_: list(doubles([1, 2], [2, 1])),
    intercepts_: list(doubles([0])),
    ...state,
  });

function importFiles(...files: readonly Part[]) {
  return importSklearn(files.map((part, i) => ({ name: `${i}.pkl`, bytes: pickle(part) })));
}

function failure(...files: readonly Part[]): Promise<string> {
  return importFiles(...files).then(
    () => 'no error',
    (error: Error) => `${error.name}: ${error.message}`,
  );
}

const textArray = (code: string, letters: number[], shape: number[]) =>
  array({ shape, dtype: dtype(code), content: bytes(letters.flatMap((letter) => [letter, 0, 0, 0])) });

interface Node {
  left: number;
  right: number;
  feature: number;
  threshold: number;
}

const leaf: Node = { left: -1, right: -1, feature: -2, threshold: -2 };

/** scikit-learn's structured array, with the fields in use. */
function nodeArray(nodes: readonly Node[]): Part {
  const view = new DataView(new ArrayBuffer(32 * nodes.length));
  for (const [i, { left, right, feature, threshold }] of nodes.entries()) {
    for (const [j, child] of [left, right, feature].entries()) {
      view.setBigInt64(32 * i + 8 * j, BigInt(child), true);
    }
    view.setFloat64(32 * i + 24, threshold, true);
  }
  const names = ['left_child', 'right_child', 'feature', 'threshold'];
  const fields = names.map((name, i) => [name, tuple(dtype(i < 3 ? 'i8' : 'f8'), integer(8 * i))]);
  const made = call(global('numpy', 'dtype'), text('V32'), no, yes);
  const state = tuple(
    ...[integer(3), text('|'), none, tuple(...names.map(text)), dict(Object.fromEntries(fields))],
    ...[integer(32), integer(1), integer(16)],
  );
  const content = bytes(new Uint8Array(view.buffer));
  return array({ shape: [nodes.length], dtype: join(made, state, 0x62), content });
}

/** Each node holds three rows of the first class and one of the second. */
function treeOf(nodes: Part, count: number): Part {
  const values = doubles(Array.from({ length: count }, () => [3, 1]).flat(), [count, 1, 2]);
  return instance('sklearn.tree._tree', 'Tree', { nodes, values });
}

describe('importSklearn', () => {
  test('converts weighted class counts to shares', async () => {
    const { classifier } = await importFiles(forest(tree(treeOf(nodeArray([leaf]), 1))));
    expect(classifier).toEqual({
      family: 'random-forest',
      trees: { roots: [0], feature: [-1], threshold: [0], left: [-1], right: [-1], value: [0.25] },
    });
  });

  test('sends every value left at a split on missing values', async () => {
    const split = { left: 1, right: 2, feature: 0, threshold: Number.POSITIVE_INFINITY };
    const { classifier } = await importFiles(forest(tree(treeOf(nodeArray([split, leaf, leaf]), 3))));
    expect(classifier).toMatchObject({ trees: { threshold: [Number.MAX_VALUE, 0, 0] } });
  });

  test.each([
    ['LogisticRegression', logistic()],
    ['KNeighborsClassifier', neighbors()],
    ['SVC', machine()],
  ])('takes a %s alone, with no scaler', async (name, part) => {
    expect(await importFiles(part)).toMatchObject({
      estimator: name,
      version: '1.4.2',
      scaler: { kind: 'none' },
      featureCount: 2,
    });
  });

  test('takes classifier and scaler in any order', async () => {
    const parts = await importFiles(standard(), logistic());
    expect(parts).toEqual(await importFiles(logistic(), standard()));
    expect(parts.estimator).toBe('StandardScaler → LogisticRegression');
  });

  test('applies transformers of several files in their order', async () => {
    const parts = await importFiles(imputer(), standard(), logistic());
    expect(parts).toMatchObject({
      imputer: { fill: [5, 6], after_scaler: false },
      estimator: 'SimpleImputer → StandardScaler → LogisticRegression',
    });
    expect(await importFiles(standard(), logistic(), imputer())).toMatchObject({
      imputer: { fill: [5, 6], after_scaler: true },
    });
  });

  test('takes the columns of a ColumnTransformer in its order, and leaves others out', async () => {
    const state = { n_features_in_: integer(3), feature_names_in_: textArray('U1', [97, 98, 99], [3]) };
    const chosen = (...branches: [Part, number[]][]) => {
      const transformers = list(...branches.map(([part], i) => tuple(text(`b${i}`), part, none)));
      const indices = branches.map(([, places], i) => [`b${i}`, list(...places.map(integer))]);
      return columns({
        ...state,
        transformers_: transformers,
        _transformer_to_input_indices: dict(Object.fromEntries(indices)),
      });
    };
    expect(await importFiles(chosen([text('drop'), [1]], [standard(), [2, 0]]), logistic())).toMatchObject({
      featureNames: ['c', 'a'],
      featureCount: 2,
      inputs: { count: 3, columns: [2, 0] },
      estimator: 'ColumnTransformer(StandardScaler) → LogisticRegression',
    });
    const three = logistic({ n_features_in_: integer(3), coef_: doubles([1, 2, 3], [1, 3]) });
    const passed = await importFiles(chosen([text('passthrough'), [1]], [standard(), [2, 0]]), three);
    expect(passed).toMatchObject({
      featureNames: ['b', 'c', 'a'],
      scaler: { kind: 'standard', mean: [0, 0, 0], scale: [1, 1, 1] },
    });
  });

  test('ignores the steps of a Pipeline that pass through', async () => {
    expect(await importFiles(pipeline(text('passthrough'), none, standard(), logistic()))).toMatchObject({
      scaler: { kind: 'standard' },
    });
  });

  test('doubles the coefficients of a multinomial regression of two classes', async () => {
    const { classifier } = await importFiles(logistic({ multi_class: text('multinomial') }));
    expect(classifier).toEqual({ family: 'logistic-regression', coef: [2, 4], intercept: 6 });
  });

  test.each([
    ['numbers', doubles([-1, 1]), ['-1', '1']],
    ['texts', textArray('U2', [111, 107, 110, 0], [2]), ['ok', 'n']],
    ['objects', array({ shape: [2], dtype: dtype('O8'), content: list(text('a'), text('b')) }), ['a', 'b']],
    ['numbers 0 and 1', doubles([0, 1]), ['0', '1']],
    ['booleans', array({ shape: [2], dtype: dtype('b1'), content: bytes([0, 1]) }), ['False', 'True']],
  ])('names classes that are %s', async (_, classes, names) => {
    expect((await importFiles(logistic({ classes_: classes }))).classNames).toEqual(names);
  });
});

describe('importSklearn refuses', () => {
  test.each<[string, Part[], string]>([
    ['no estimator', [list()], '0.pkl: holds a list of 0, expected an estimator'],
    ['a dict of estimators', [join(0x7d, text('model'), logistic(), 0x73)], '0.pkl: holds a dict of 1'],
    ['a scaler without a classifier', [standard()], 'found StandardScaler (0.pkl), expected one classifier'],
    ['two classifiers', [logistic(), machine()], 'found LogisticRegression (0.pkl), SVC (1.pkl)'],
    [
      'two scalers',
      [pipeline(standard(), logistic()), standard()],
      'expected one classifier and at most one scaler',
    ],
    [
      'a step that is no estimator',
      [pipeline(text('scale'), logistic())],
      'Pipeline.steps: step "a" is "scale", expected an estimator',
    ],
    [
      'a scaler in a Pipeline after a scaler',
      [pipeline(standard(), pipeline(standard(), logistic()))],
      'found StandardScaler (0.pkl), StandardScaler (0.pkl), LogisticRegression (0.pkl), expected one classifier and at most one scaler. Fit the model with one scaler',
    ],
    [
      'a function',
      [pipeline(withFunction(global('numpy', 'float64')), logistic())],
      'FunctionTransformer.func: numpy.float64: a function is not supported. Fit the model without it',
    ],
    [
      'values that mean missing',
      [imputer({ missing_values: float(-999) }), logistic()],
      'SimpleImputer.missing_values: -999 is not supported. Fit it with missing_values=numpy.nan',
    ],
    [
      'an imputer that left a column out',
      [imputer({ statistics_: doubles([1, Number.NaN]) }), logistic()],
      'SimpleImputer.statistics_: entry 1 is NaN, expected a finite number',
    ],
    [
      'indicators of missing values',
      [imputer({ add_indicator: yes }), logistic()],
      'SimpleImputer.add_indicator: True is not supported',
    ],
    ['two imputers', [imputer(), imputer(), logistic()], 'SimpleImputer is a second imputer'],
    [
      'weights of columns',
      [columns({ transformer_weights: dict({}) }), logistic()],
      'ColumnTransformer.transformer_weights: weights are not supported',
    ],
    [
      'a column in two branches',
      [
        columnsOf([standard(), [0, 1]], [text('passthrough'), [1, 0]]),
        logistic({ n_features_in_: integer(4), coef_: doubles([1, 2, 3, 4], [1, 4]) }),
      ],
      'column 1 is used twice by ColumnTransformer(StandardScaler)',
    ],
    [
      'a column that does not exist',
      [columnsOf([standard(), [0, 2]]), logistic()],
      '_transformer_to_input_indices: expected columns of the branch "b0"',
    ],
    [
      'a branch for another number of columns',
      [columnsOf([standard(), [1]]), logistic()],
      'StandardScaler expects 2 features, but gets 1',
    ],
    [
      'a scaler that clips beside a column without one',
      [columnsOf([clipping(), [0]], [text('passthrough'), [1]]), logistic()],
      'in branches side by side is not supported. Fit it with clip=False, or with the same MinMaxScaler on all columns',
    ],
    [
      'a network with a softmax',
      [network({ out_activation_: text('softmax') })],
      'MLPClassifier.out_activation_: "softmax", expected "logistic"',
    ],
    [
      'a network whose layers do not fit',
      [network({ intercepts_: list(doubles([0, 0])) })],
      'MLPClassifier.coefs_: an array of shape (2, 1) and dtype f8, expected an array of numbers of shape (any, 2)',
    ],
    [
      'a scaler of other width',
      [
        logistic(),
        standard({
          n_features_in_: integer(3),
          mean_: doubles([0, 0, 0]),
          var_: doubles([1, 1, 1]),
          scale_: doubles([1, 1, 1]),
        }),
      ],
      'LogisticRegression expects 2 features, but StandardScaler in 1.pkl has 3',
    ],
    [
      'another order of features',
      [
        logistic({ feature_names_in_: textArray('U1', [97, 98], [2]) }),
        standard({ feature_names_in_: textArray('U1', [98, 97], [2]) }),
      ],
      'the scaler was fitted on b, a, but the classifier on a, b',
    ],
    ['a tree without outputs', [tree(none)], 'DecisionTreeClassifier.n_outputs_: nothing, expected 1'],
    [
      'an estimator that is not fitted',
      [logistic({ coef_: none })],
      'LogisticRegression.coef_: None, expected an array of numbers of shape (1, 2)',
    ],
    ['scikit-learn 0.24', [logistic({ _sklearn_version: text('0.24.2') })], '"0.24.2", expected 1.0 to 1.9'],
    [
      '65 features',
      [logistic({ n_features_in_: integer(65) })],
      'n_features_in_: 65, expected a whole number from 1 to 64',
    ],
    [
      'three classes',
      [logistic({ classes_: doubles([0, 1, 2]) })],
      'LogisticRegression.classes_: 3 classes, expected 2',
    ],
    [
      'a class without a name',
      [logistic({ classes_: textArray('U1', [0, 97], [2]) })],
      'a class has no name',
    ],
    [
      'numbers that are none',
      [logistic({ coef_: doubles([1, Number.NaN], [1, 2]) })],
      'coef_: entry 1 is NaN, expected a finite number',
    ],
    [
      'numbers of the wrong dtype',
      [logistic({ coef_: textArray('U1', [97, 98], [1, 2]) })],
      'an array of shape (1, 2) and dtype U1, expected an array of numbers',
    ],
    [
      'neighbors with weights of their own',
      [neighbors({ weights: none })],
      'KNeighborsClassifier.weights: None, expected a string',
    ],
    [
      'neighbors by a ball tree',
      [neighbors({ _fit_method: text('ball_tree') })],
      '_fit_method: "ball_tree" is not supported. Fit it with algorithm="kd_tree"',
    ],
    [
      'a metric that is named like a property of every object',
      [neighbors({ effective_metric_: text('constructor') })],
      'metric: "constructor" is not supported',
    ],
    [
      'neighbors by another metric',
      [neighbors({ effective_metric_: text('chebyshev') })],
      'metric: "chebyshev" is not supported',
    ],
    [
      'more neighbors than rows',
      [neighbors({ n_neighbors: integer(3) })],
      'n_neighbors: expected at most as many neighbors as rows',
    ],
    ['labels that are none', [neighbors({ _y: doubles([0, 2]) })], '_y: entry 1 is 2, expected 0 or 1'],
    [
      'a precomputed kernel',
      [machine({ kernel: text('precomputed') })],
      'SVC.kernel: "precomputed" is not supported',
    ],
    ['sparse support vectors', [machine({ _sparse: yes })], 'fitted on a sparse matrix'],
    ['a scale of 0', [logistic(), standard({ scale_: doubles([1, 0]) })], 'StandardScaler.scale.1:'],
    ['a forest without trees', [forest()], 'estimators_: there are no trees'],
    ['a forest of something else', [forest(logistic())], 'estimators_: entry 0 is not a decision tree'],
    [
      'a tree without nodes',
      [forest(tree(instance('sklearn.tree._tree', 'Tree', {})))],
      'estimators_: entry 0 has no nodes, or shares them with another tree',
    ],
    [
      'nodes that are no structures',
      [forest(tree(instance('sklearn.tree._tree', 'Tree', { nodes: doubles([1]) })))],
      'Tree.nodes: an array of shape (1) and dtype f8, expected a structured array with the field left_child',
    ],
    [
      'boosting from another start',
      [boosting({ init_: logistic() })],
      'init_: LogisticRegression is not supported',
    ],
    ['boosting with another loss', [boosting({ loss: text('custom') })], 'loss: "custom" is not supported'],
    [
      'a grid search',
      [global('sklearn.model_selection._search', 'GridSearchCV')],
      'Dump its best_estimator_ instead',
    ],
    [
      'a calibrated classifier',
      [global('sklearn.calibration', 'CalibratedClassifierCV')],
      '"sklearn.calibration.CalibratedClassifierCV" is not among',
    ],
    [
      'another scaler',
      [global('sklearn.preprocessing._data', 'QuantileTransformer')],
      '"sklearn.preprocessing._data.QuantileTransformer" is not among',
    ],
  ])('%s', async (_, files, message) => {
    expect(await failure(...files)).toMatch(/^ImportError: \d.pkl/);
    expect(await failure(...files)).toContain(message);
  });

  test('a tree whose node is its own child', async () => {
    const nodes = nodeArray([{ left: 0, right: 0, feature: 0, threshold: 1 }]);
    expect(await failure(forest(tree(treeOf(nodes, 1))))).toContain(
      'RandomForestClassifier.trees.left.0: 0, expected a later node of the same tree',
    );
  });

  test('the same nodes in two trees, which could fill memory from a small file', async () => {
    const stored = join(nodeArray([leaf]), 0x94);
    const again = Uint8Array.of(0x68, 0);
    expect(await failure(forest(tree(treeOf(stored, 1)), tree(treeOf(again, 1))))).toContain(
      'estimators_: entry 1 has no nodes, or shares them with another tree',
    );
  });

  test('fewer values than nodes', async () => {
    expect(await failure(forest(tree(treeOf(nodeArray([leaf, leaf]), 1))))).toContain(
      'Tree.values: an array of shape (1, 1, 2) and dtype f8, expected an array of numbers of shape (2, 1, 2)',
    );
  });

  test('a Pipeline that is its own step', async () => {
    const itself = join(global('sklearn.pipeline', 'Pipeline'), 0x29, 0x81, 0x94);
    const steps = join(0x7d, text('steps'), list(tuple(text('a'), Uint8Array.of(0x68, 0))), 0x73, 0x62);
    expect(await failure(join(itself, steps))).toContain(
      'Pipeline.steps: too many estimators are in one another',
    );
  });

  test('a Pipeline that has another one many times, and so on', async () => {
    const once = (inner: Part) => pipeline(join(inner, 0x94), ...Array.from({ length: 98 }, () => none));
    const steps = Array.from({ length: 250 }, () => text('passthrough'));
    expect(await failure(pipeline(...steps, logistic()))).toContain('251 steps, expected at most 100');
    expect(await failure(once(once(logistic())))).toBe('no error');
    const scalers = Array.from({ length: 99 }, () => standard());
    expect(
      await failure(pipeline(pipeline(...scalers), pipeline(...scalers), pipeline(...scalers))),
    ).toContain('too many estimators are in one another');
  });
});
