import { z } from 'zod';
import { expit } from '../binary-classifier.ts';

/** `kernel` is row-major, inputs × units, float32 values; `bias` has one entry per unit. */
const layerSchema = z.strictObject({
  activation: z.enum(['relu', 'tanh', 'sigmoid', 'linear']),
  kernel: z.array(z.number()),
  bias: z.array(z.number()).min(1),
});
type Layer = z.infer<typeof layerSchema>;

/** Dense layers, named as in Keras. The last has one sigmoid unit. */
export const neuralNetworkSchema = z.strictObject({
  family: z.literal('neural-network'),
  layers: z.array(layerSchema).min(1).max(16),
});
export type NeuralNetwork = z.infer<typeof neuralNetworkSchema>;

/** `weights` is row-major, units × inputs: the transposed kernel. */
interface PreparedLayer extends Pick<Layer, 'activation'> {
  readonly weights: Float64Array;
  readonly bias: Float64Array;
}

export interface PreparedNetwork extends Pick<NeuralNetwork, 'family'> {
  readonly layers: readonly PreparedLayer[];
}

export function prepareNeuralNetwork({ family, layers }: NeuralNetwork): PreparedNetwork {
  return { family, layers: layers.map(prepareLayer) };
}

function prepareLayer({ activation, kernel, bias }: Layer): PreparedLayer {
  const units = bias.length;
  const inputs = kernel.length / units;
  const weights = Float64Array.from(kernel, (_, k) => kernel[(k % inputs) * units + Math.floor(k / inputs)]);
  return { activation, weights, bias: Float64Array.from(bias) };
}

/**
 * Applies an activation in place. One loop per layer: a call per unit would cost more than its arithmetic.
 */
const activations: Record<Layer['activation'], (units: Float64Array) => void> = {
  relu(units) {
    for (let i = 0; i < units.length; i++) if (!(units[i] > 0)) units[i] = 0;
  },
  tanh(units) {
    for (let i = 0; i < units.length; i++) units[i] = Math.tanh(units[i]);
  },
  sigmoid(units) {
    for (let i = 0; i < units.length; i++) units[i] = expit(units[i]);
  },
  linear() {},
};

/** P(label 1): the output of the last layer's only unit. Sums are in float64. Does not allocate per row. */
export function createNeuralNetwork({ layers }: PreparedNetwork) {
  const forwards = layers.map(createForward);
  return function predictProba(row: Float64Array): number {
    let values = row;
    for (const forward of forwards) values = forward(values);
    return values[0];
  };
}

function createForward({ activation, weights, bias }: PreparedLayer) {
  const units = bias.length;
  const inputs = weights.length / units;
  const activate = activations[activation];
  const out = new Float64Array(units);
  return function forward(input: Float64Array): Float64Array {
    for (let unit = 0, at = 0; unit < units; unit++) {
      let sum = bias[unit];
      for (let i = 0; i < inputs; i++, at++) sum += input[i] * weights[at];
      out[unit] = sum;
    }
    activate(out);
    return out;
  };
}
