import type { Classifier } from '../../../classifiers/families.ts';
import type { Node } from '../onnx-schema.ts';
import { floatAttribute, integerAttribute } from '../read-attribute.ts';
import type { Tensor } from '../read-tensor.ts';
import {
  type Call,
  constantAt,
  type Dense,
  describe,
  isRow,
  type Network,
  refusal,
  type Scores,
  type Value,
} from './value.ts';

const maxLayers = 16;
const maxUnits = 4096;

function unitsOf({ weight, isTransposed }: Dense): number {
  return weight.dims[isTransposed ? 0 : 1];
}

function inputsOf({ weight, isTransposed }: Dense): number {
  return weight.dims[isTransposed ? 1 : 0];
}

/** Input 0 · a constant matrix. */
export function matMul(call: Call): Value[] {
  return [
    withLayer(call, { weight: constantAt(call, 1), isTransposed: false, alpha: 1, activation: 'linear' }),
  ];
}

/** alpha · input 0 · a constant matrix (optionally transposed) + beta · an optional constant row. */
export function gemm(call: Call): Value[] {
  const { node, inputs } = call;
  if (integerAttribute(node, 'transA')) throw refusal(node, 'transA is not supported');
  const network = withLayer(call, {
    weight: constantAt(call, 1),
    isTransposed: integerAttribute(node, 'transB') === 1,
    alpha: floatAttribute(node, 'alpha') ?? 1,
    activation: 'linear',
  });
  if (inputs[2] === undefined) return [network];
  return [addBias(node, network, { tensor: constantAt(call, 2), beta: floatAttribute(node, 'beta') ?? 1 })];
}

function withLayer({ node, inputs: [input] }: Call, layer: Dense): Network {
  if (input?.kind !== 'features' && input?.kind !== 'network') {
    throw refusal(node, `expected features or a layer as input, got ${describe(input)}`);
  }
  const features = input.kind === 'features' ? input : input.features;
  const before = input.kind === 'features' ? [] : input.layers;
  const width = input.kind === 'features' ? input.columns.length : unitsOf(lastLayer(input));
  const { dims } = layer.weight;
  if (dims.length !== 2 || inputsOf(layer) !== width) {
    throw refusal(node, `weights of ${dims.join(' × ')} for ${width} inputs`);
  }
  const units = unitsOf(layer);
  if (units < 1 || units > maxUnits) throw refusal(node, `${units} units, expected 1 to ${maxUnits}`);
  if (before.length === maxLayers) throw refusal(node, `more than ${maxLayers} layers`);
  return { kind: 'network', features, layers: [...before, layer] };
}

function lastLayer({ layers }: Network): Dense {
  return layers[layers.length - 1];
}

/** Adds a bias to the last layer, which must not have one. */
export function addBias(node: Node, network: Network, bias: { tensor: Tensor; beta: number }): Network {
  const last = lastLayer(network);
  const units = unitsOf(last);
  const { dims, values } = bias.tensor;
  if (!isRow(bias.tensor) || (values.length !== units && values.length !== 1)) {
    throw refusal(node, `a constant of ${dims.join(' × ')} for ${units} units`);
  }
  if (last.bias !== undefined || last.activation !== 'linear') {
    throw refusal(node, 'adds a second bias to a layer');
  }
  return replaceLast(network, { ...last, bias });
}

export function activate(activation: 'relu' | 'tanh' | 'sigmoid') {
  return ({ node, inputs: [input] }: Call): Value[] => {
    if (input?.kind !== 'network') throw refusal(node, `expected a layer as input, got ${describe(input)}`);
    const last = lastLayer(input);
    if (last.activation !== 'linear') throw refusal(node, `follows the activation ${last.activation}`);
    return [replaceLast(input, { ...last, activation })];
  };
}

function replaceLast({ kind, features, layers }: Network, last: Dense): Network {
  return { kind, features, layers: [...layers.slice(0, -1), last] };
}

/**
 * Softmax of two units: the probability of the second is the logistic of their difference, which a single
 * unit can compute.
 */
export function softmax({ node, inputs: [input] }: Call): Value[] {
  const axis = integerAttribute(node, 'axis') ?? -1;
  if (input?.kind !== 'network') throw refusal(node, `expected a layer as input, got ${describe(input)}`);
  const last = lastLayer(input);
  if (unitsOf(last) !== 2 || last.activation !== 'linear' || (axis !== 1 && axis !== -1)) {
    throw refusal(node, `expected 2 linear units and axis 1, got ${unitsOf(last)} and axis ${axis}`);
  }
  return [scoresOf(input, [0, 1], (of) => of(1) - of(0))];
}

/**
 * The scores of a network that ends in one sigmoid unit, or in two opposite ones; undefined for any other.
 */
export function networkScores(network: Network): Scores | undefined {
  const last = lastLayer(network);
  if (last.activation !== 'sigmoid') return undefined;
  if (unitsOf(last) === 1) return scoresOf(network, [1], (of) => of(0));
  return isOpposite(last) ? scoresOf(network, [0, 1], (of) => of(1)) : undefined;
}

function isOpposite(layer: Dense): boolean {
  const inputs = Array.from({ length: inputsOf(layer) }, (_, i) => i);
  return (
    unitsOf(layer) === 2 &&
    inputs.every((input) => weightOf(layer, input, 0) === -weightOf(layer, input, 1)) &&
    biasOf(layer, 0) === -biasOf(layer, 1)
  );
}

function weightOf({ weight, isTransposed, alpha }: Dense, input: number, unit: number): number {
  const [, columns] = weight.dims;
  return alpha * weight.values[isTransposed ? unit * columns + input : input * columns + unit];
}

function biasOf({ bias }: Dense, unit: number): number {
  if (bias === undefined) return 0;
  const { values } = bias.tensor;
  return bias.beta * values[values.length === 1 ? 0 : unit];
}

/** Combines a weight or bias of the last layer's units into that of a single unit. */
type Merge = (of: (unit: number) => number) => number;

function scoresOf({ features, layers }: Network, labels: (0 | 1)[], merge: Merge): Scores {
  const source = { origin: layers, features, classify: () => toClassifier(layers, merge) };
  return { kind: 'scores', source, labels };
}

function toClassifier(layers: readonly Dense[], merge: Merge): Classifier {
  const last = layers[layers.length - 1];
  const coef = Array.from({ length: inputsOf(last) }, (_, i) => merge((unit) => weightOf(last, i, unit)));
  const intercept = merge((unit) => biasOf(last, unit));
  if (layers.length === 1) return { family: 'logistic-regression', coef, intercept };
  const hidden = layers.slice(0, -1).map((layer) => ({
    activation: layer.activation,
    kernel: Array.from({ length: layer.weight.values.length }, (_, at) => {
      const units = unitsOf(layer);
      return weightOf(layer, Math.floor(at / units), at % units);
    }),
    bias: Array.from({ length: unitsOf(layer) }, (_, unit) => biasOf(layer, unit)),
  }));
  const output = { activation: 'sigmoid' as const, kernel: coef, bias: [intercept] };
  return { family: 'neural-network', layers: [...hidden, output] };
}
