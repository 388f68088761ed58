import type { Classifier } from '../../../classifiers/classifier.ts';
import { OnnxError, quote } from '../onnx-error.ts';
import type { Node } from '../read-model.ts';
import type { Tensor } from '../read-tensor.ts';

/**
 * z = (x − center) / scale of one input feature; scale > 0. `compute` is the same as the graph computes it, rounded where
 * it rounds: never falling as x rises.
 */
export interface Column {
  readonly feature: number;
  readonly center: number;
  readonly scale: number;
  readonly compute: (x: number) => number;
}

/**
 * n × columns, each of one input feature. `isDouble`: in float64, else in float32; `isShifted`: by an addition after a
 * multiplication, as `MinMaxScaler` does it; `clip`: the range that all columns were clipped to, last.
 */
export interface Features {
  readonly kind: 'features';
  readonly columns: readonly Column[];
  readonly isDouble: boolean;
  readonly isShifted: boolean;
  readonly clip?: readonly [number, number];
}

/** Where scores come from. `classify` is called once, for the classifier that the graph's output leads to. */
export interface Source {
  /** The node, or the layers: the same object for two outputs of one model. */
  readonly origin: unknown;
  readonly features: Features;
  readonly classify: () => Classifier;
  /** As the operator names them: label 0, label 1. */
  readonly classLabels?: readonly [string, string];
  /** Platt's probabilities, which this project keeps beside its own score. */
  readonly isCalibrated?: boolean;
}

/** n × `labels`, the probabilities of these labels in this order. */
export interface Scores {
  readonly kind: 'scores';
  readonly source: Source;
  readonly labels: readonly (0 | 1)[];
}

/**
 * What decides without being a probability, above 0 for label 1: that of column `column` in the tensor named.
 * `isAltered`: by arithmetic after it.
 */
export interface Decision {
  readonly kind: 'decision';
  readonly source: Source;
  readonly tensor: string;
  readonly column: 0 | 1;
  readonly isAltered: boolean;
}

/** x · alpha · weight + beta · bias, then the activation. `weight` is inputs × units, or the other way when transposed. */
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

/** What an operator's input or output is, as far as a classifier and a scaler can be made of it. */
export type Value =
  | { readonly kind: 'constant'; readonly tensor: Tensor }
  | Features
  | Network
  | Scores
  | Decision
  /** The sum of each row of probabilities, to divide them by. */
  | { readonly kind: 'row-sums'; readonly of: Scores }
  /** An output that is of no use here, such as the label. */
  | { readonly kind: 'unused' };

/** `inputs`: undefined for one that is left out. */
export interface Call {
  readonly node: Node;
  readonly inputs: readonly (Value | undefined)[];
}

/** The values of the node's outputs. */
export type Operator = (call: Call) => readonly Value[];

const remedy = 'For a model of scikit-learn, import its own file (.pkl or .joblib) instead';

export function refusal({ operator, domain, name }: Node, problem: string): OnnxError {
  const which = domain === '' ? operator : `${domain}.${operator}`;
  const node = name === '' ? '' : ` (node ${quote(name)})`;
  return new OnnxError(`operator ${which.length > 100 ? quote(which) : which}${node}: ${problem}`, {
    remedy,
  });
}

export function expectFeatures({ node, inputs }: Call): Features {
  const [features] = inputs;
  if (features?.kind === 'features') return features;
  throw refusal(node, `expected features as its input, got ${describe(features)}`);
}

export function constantAt({ node, inputs }: Call, index: number): Tensor {
  const value = inputs[index];
  if (value?.kind === 'constant') return value.tensor;
  throw refusal(node, `expected a constant as input ${index}, got ${describe(value)}`);
}

export function describe(value: Value | undefined): string {
  switch (value?.kind) {
    case undefined:
      return 'nothing';
    case 'features':
      return `${value.columns.length} features`;
    case 'constant':
      return 'a constant';
    case 'network':
      return 'the output of a layer';
    case 'scores':
      return 'probabilities';
    case 'decision':
      return 'the output of a decision function';
    case 'row-sums':
      return 'sums of rows';
    case 'unused':
      return 'an output that is not a score';
  }
}
