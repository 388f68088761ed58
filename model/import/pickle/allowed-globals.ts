/** The kind of data that a name stands for. */
export type Role =
  | 'estimator'
  | 'tree'
  | 'joblib-array'
  | 'opaque'
  | 'ndarray'
  | 'reconstruct'
  | 'frombuffer'
  | 'scalar'
  | 'dtype'
  | 'encode'
  | 'bytes'
  | 'dict'
  | 'reconstructor'
  | 'object';

const estimators = [
  'sklearn.linear_model._logistic.LogisticRegression',
  'sklearn.neighbors._classification.KNeighborsClassifier',
  'sklearn.ensemble._forest.RandomForestClassifier',
  'sklearn.ensemble._forest.ExtraTreesClassifier',
  'sklearn.ensemble._gb.GradientBoostingClassifier',
  'sklearn.ensemble._hist_gradient_boosting.gradient_boosting.HistGradientBoostingClassifier',
  'sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor',
  'sklearn.ensemble._iforest.IsolationForest',
  'sklearn.neural_network._multilayer_perceptron.MLPClassifier',
  'sklearn.svm._classes.SVC',
  'sklearn.tree._classes.DecisionTreeClassifier',
  'sklearn.tree._classes.DecisionTreeRegressor',
  'sklearn.tree._classes.ExtraTreeClassifier',
  'sklearn.tree._classes.ExtraTreeRegressor',
  'sklearn.dummy.DummyClassifier',
  'sklearn.preprocessing._data.StandardScaler',
  'sklearn.preprocessing._data.MinMaxScaler',
  'sklearn.preprocessing._data.RobustScaler',
  'sklearn.preprocessing._data.MaxAbsScaler',
  'sklearn.preprocessing._function_transformer.FunctionTransformer',
  'sklearn.impute._base.SimpleImputer',
  'sklearn.compose._column_transformer.ColumnTransformer',
  'sklearn.pipeline.Pipeline',
];

/**
 * Objects in estimators that do not affect predictions. What predictions depend on is read from plain
 * attributes.
 */
const opaque = [
  // Random states, NumPy 1.14 to 2.x
  'numpy.random.__RandomState_ctor',
  'numpy.random._pickle.__randomstate_ctor',
  'numpy.random._pickle.__generator_ctor',
  'numpy.random._pickle.__bit_generator_ctor',
  'numpy.random._mt19937.MT19937',
  'numpy.random._pcg64.PCG64',
  'numpy.random._pcg64.PCG64DXSM',
  'numpy.random._philox.Philox',
  'numpy.random._sfc64.SFC64',
  'numpy.random.bit_generator.SeedSequence',
  'numpy.random.bit_generator.__pyx_unpickle_SeedSequence',
  // Losses of gradient boosting: before scikit-learn 1.4, then since 1.4
  'sklearn.ensemble._gb_losses.BinomialDeviance',
  'sklearn.ensemble._gb_losses.ExponentialLoss',
  'sklearn._loss.loss.HalfBinomialLoss',
  'sklearn._loss.loss.ExponentialLoss',
  'sklearn._loss.link.LogitLink',
  'sklearn._loss.link.HalfLogitLink',
  'sklearn._loss.link.Interval',
  'sklearn.ensemble._hist_gradient_boosting.loss.BinaryCrossEntropy',
  // What histogram gradient boosting and networks need for fitting only
  'sklearn.ensemble._hist_gradient_boosting.binning._BinMapper',
  'sklearn.metrics._scorer._PassthroughScorer',
  'sklearn.neural_network._stochastic_optimizers.AdamOptimizer',
  'sklearn.neural_network._stochastic_optimizers.SGDOptimizer',
  'sklearn.preprocessing._label.LabelBinarizer',
  'sklearn.preprocessing._label.LabelEncoder',
  // How the columns of a ColumnTransformer were chosen
  'sklearn.compose._column_transformer.make_column_selector',
  'sklearn.compose._column_transformer._RemainderColsList',
  'builtins.slice',
  'numpy.number',
  'numpy.float64',
  'numpy.float32',
  'builtins.float',
  'builtins.int',
  // The wheels of 1.6.1 name the module without its package.
  ...['sklearn._loss._loss', '_loss'].flatMap((module) =>
    ['CyHalfBinomialLoss', 'CyExponentialLoss'].flatMap((name) => [
      `${module}.${name}`,
      `${module}.__pyx_unpickle_${name}`,
    ]),
  ),
  // Search trees of nearest neighbors, which are rebuilt from the rows
  'sklearn.neighbors._kd_tree.newObj',
  'sklearn.neighbors._kd_tree.KDTree',
  'sklearn.neighbors._ball_tree.newObj',
  'sklearn.neighbors._ball_tree.BallTree',
  ...['sklearn.metrics._dist_metrics', 'sklearn.neighbors._dist_metrics'].flatMap((module) => [
    `${module}.newObj`,
    ...['Euclidean', 'Manhattan', 'Minkowski', 'Chebyshev'].flatMap((name) =>
      ['', '32', '64'].map((bits) => `${module}.${name}Distance${bits}`),
    ),
  ]),
  // Metadata routing of a Pipeline, used in fit only
  'sklearn.utils._metadata_requests.MetadataRequest',
  'sklearn.utils._metadata_requests.MethodMetadataRequest',
  'builtins.set',
  'builtins.frozenset',
];

/** The global names that a pickle may contain. NumPy 2 renamed numpy.core. */
export const allowedGlobals: ReadonlyMap<string, Role> = new Map<string, Role>([
  ...estimators.map((name) => [name, 'estimator'] as const),
  ...opaque.map((name) => [name, 'opaque'] as const),
  ['sklearn.tree._tree.Tree', 'tree'],
  ['joblib.numpy_pickle.NumpyArrayWrapper', 'joblib-array'],
  ['numpy.ndarray', 'ndarray'],
  ['numpy.dtype', 'dtype'],
  ...['numpy.core', 'numpy._core'].flatMap((core) => [
    [`${core}.multiarray._reconstruct`, 'reconstruct'] as const,
    [`${core}.multiarray.scalar`, 'scalar'] as const,
    [`${core}.numeric._frombuffer`, 'frombuffer'] as const,
  ]),
  ['_codecs.encode', 'encode'],
  ['builtins.bytes', 'bytes'],
  ['builtins.object', 'object'],
  ['collections.OrderedDict', 'dict'],
  ['copyreg._reconstructor', 'reconstructor'],
]);

const python2Modules: ReadonlyMap<string, string> = new Map([
  ['__builtin__', 'builtins'],
  ['copy_reg', 'copyreg'],
]);

/** Module and name as in Python 3. Protocol 2 writes the names of Python 2. */
export function toGlobalName(module: string, name: string): string {
  return `${python2Modules.get(module) ?? module}.${name}`;
}

const remedies: readonly (readonly [pattern: RegExp, remedy: string])[] = [
  [/SearchCV$/, 'Dump its best_estimator_ instead'],
  [
    /\.CalibratedClassifierCV$/,
    'Artifacts do not support its calibration: dump the inner classifier, fitted on all rows',
  ],
  [/\.(BallTree|DistanceMetric)/, 'Fit the model again with algorithm="kd_tree"'],
  [/^scipy\.sparse/, 'Fit the model on a dense array, and do not call sparsify()'],
  [/^numpy\.ma\./, 'Masked arrays are not supported: fit the model on plain arrays'],
];

/** What to do about a name that is not allowed. */
export function remedyFor(name: string): string {
  const special = remedies.find(([pattern]) => pattern.test(name));
  if (special) return special[1];
  const supported = 'docs/importing.md lists the supported classes';
  return name.startsWith('sklearn.') ? supported : `No code in the file was executed; ${supported}`;
}
