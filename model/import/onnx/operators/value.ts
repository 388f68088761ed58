import type { Classifier } from '../../../classifiers/families.ts';
import { OnnxError, quote } from '../onnx-error.ts';
import type { Node } from '../onnx-schema.ts';
import type { Tensor } from '../read-tensor.ts';

/**
 * z = (x − center) / scale of one input feature; scale > 0. `compute` computes z with the graph's rounding;
 * it is monotonic.
 */
export interface Column {
  readonly feature: number;
  readonly center: number;
  readonly scale: number;
  readonly compute: (x: number) => number;
}

/**
 * n × columns, each a function of one input feature.
 *
 * - `isDouble`: float64, else float32
 * - `isShifted`: added to after a multiplication, as in `MinMaxScaler`
 * - `clip`: the range that all columns were last clipped to
 */
export interface Features {
  readonly kind: 'features';
  readonly columns: readonly Column[];
  readonly isDouble: boolean;
  readonly isShifted: boolean;
  readonly clip?: readonly [number, number];
}

/** The origin of scores. `classify` is called once, for the classifier of the chosen output. */
export interface Source {
  /** The node or the layers: the same object for two outputs of one model. */
  readonly origin: unknown;
  readonly features: Features;
  readonly classify: () => Classifier;
  /** The operator's names of label 0 and label 1. */
  readonly classLabels?: readonly [string, string];
  /** Whether scores are Platt probabilities, which this package reports beside its own score. */
  readonly isCalibrated?: boolean;
}

/** n × `labels`: the probabilities of these labels, in this order. */
export interface Scores {
  readonly kind: 'scores';
  readonly source: Source;
  readonly labels: readonly (0 | 1)[];
}

/**
 * A decision function, positive for label 1: column `column` of tensor `tensor`. `isAltered` is set when
 * further arithmetic follows.
 */
export interface Decision {
  readonly kind: 'decision';
  readonly source: Source;
  readonly tensor: string;
  readonly column: 0 | 1;
  readonly isAltered: boolean;
}

/**
 * x · alpha · weight + beta · bias, then the activation. `weight` is inputs × units, or units × inputs when
 * transposed.
 */
export interface Dense {
  readonly weight: Tensor;
  readonly isTransposed: boolean;
  readonly alpha: number;
  readonly bias?: { readonly tensor: Tensor; readonly beta: number };
  readonly activation: 'relu' | 'tanh' | 'sigmoid' | 'linear';
}

export interface Network {
  readonly kind: 'network';
  readonly features: Features;
  readonly layers: readonly Dense[];
}

/** The meaning of an operator's input or output, as far as it contributes to a classifier and a scaler. */
export type Value =
  | { readonly kind: 'constant'; readonly tensor: Tensor }
  | Features
  | Network
  | Scores
  | Decision
  /** The row sums of probabilities, used as a divisor. */
  | { readonly kind: 'row-sums'; readonly of: Scores }
  /** An output that is not used, such as the label. */
  | { readonly kind: 'unused' };

/** `inputs` has undefined for an input that is left out. */
export interface Call {
  readonly node: Node;
  readonly inputs: readonly (Value | undefined)[];
}

/** Returns the values of the node's outputs. */
export type Operator = (call: Call) => readonly Value[];

const remedy = 'If it is a scikit-learn model, import the .pkl or .joblib file instead';

export function refusal({ operator, domain, name }: Node, problem: string): OnnxError {
  const which = domain === '' ? operator : `${domain}.${operator}`;
  const node = name === '' ? '' : ` (node ${quote(name)})`;
  return new OnnxError(`operator ${which.length > 100 ? quote(which) : which}${node}: ${problem}`, {
    remedy,
  });
}

/** The outputs of a classifier's operator: its label, which is not used, and the probabilities of both labels. */
export function probabilities(source: Source): Value[] {
  return [{ kind: 'unused' }, { kind: 'scores', source, labels: [0, 1] }];
}

/** The same for an operator whose second output is a decision function, positive for label 1 in `column`. */
export function decisions({ node }: Call, source: Source, column: 0 | 1): Value[] {
  const tensor = node.outputs[1] ?? '';
  return [{ kind: 'unused' }, { kind: 'decision', source, tensor, column, isAltered: false }];
}

export function expectFeatures({ node, inputs }: Call): Features {
  const [features] = inputs;
  if (features?.kind === 'features') return features;
  throw refusal(node, `expected features as input, got ${describe(features)}`);
}

export function constantAt({ node, inputs }: Call, index: number): Tensor {
  const value = inputs[index];
  if (value?.kind === 'constant') return value.tensor;
  throw refusal(node, `expected a constant as input ${index}, got ${describe(value)}`);
}

export function isRow({ dims }: Tensor): boolean {
  return dims.length <= 2 && dims.slice(0, -1).every((size) => size === 1);
}

const descriptions = {
  constant: 'a constant',
  network: 'the output of a layer',
  scores: 'probabilities',
  decision: 'the output of a decision function',
  'row-sums': 'row sums',
  unused: 'an output that is not a score',
};

export function describe(value: Value | undefined): string {
  if (value === undefined) return 'nothing';
  return value.kind === 'features' ? `${value.columns.length} features` : descriptions[value.kind];
}
