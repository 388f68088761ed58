import { z } from 'zod';
import { expit } from '../expit.ts';
import { lengthFaults, type PartFault } from '../part-fault.ts';

/** `kernel`: row-major, inputs × units, float32 values; `bias`: one per unit. */
const layerSchema = z.strictObject({
  activation: z.enum(['relu', 'tanh', 'sigmoid', 'linear']),
  kernel: z.array(z.number()),
  bias: z.array(z.number()).min(1),
});
type Layer = z.infer<typeof layerSchema>;

/** Dense layers, names as in Keras; the last has one unit with the activation sigmoid. */
export const neuralNetworkSchema = z.strictObject({
  family: z.literal('neural-network'),
  layers: z.array(layerSchema).min(1).max(16),
});
export type NeuralNetwork = z.infer<typeof neuralNetworkSchema>;

const activations: Record<Layer['activation'], (value: number) => number> = {
  relu: (value) => (value > 0 ? value : 0),
  tanh: Math.tanh,
  sigmoid: expit,
  linear: (value) => value,
};

/** P(label 1): the only unit of the last layer. Sums are in float64; nothing is allocated per row. */
export function createNeuralNetwork({ layers }: NeuralNetwork) {
  const forwards = layers.map(createForward);
  return function predictProba(row: Float64Array): number {
    let values = row;
    for (const forward of forwards) values = forward(values);
    return values[0];
  };
}

function createForward({ activation, kernel, bias }: Layer) {
  const weights = Float64Array.from(kernel);
  const biases = Float64Array.from(bias);
  const activate = activations[activation];
  const units = biases.length;
  const out = new Float64Array(units);
  return function forward(input: Float64Array): Float64Array {
    out.set(biases);
    for (let i = 0, at = 0; at < weights.length; i++) {
      const value = input[i];
      for (let unit = 0; unit < units; unit++, at++) out[unit] += value * weights[at];
    }
    for (let unit = 0; unit < units; unit++) out[unit] = activate(out[unit]);
    return out;
  };
}

export function neuralNetworkFaults({ layers }: NeuralNetwork, featureCount: number): PartFault[] {
  const faults = layers.flatMap(({ kernel, bias }, i) => {
    const inputs = layers[i - 1]?.bias.length ?? featureCount;
    const expected = inputs * bias.length;
    const what = `${inputs} inputs for each of ${bias.length} units`;
    return lengthFaults(['layers', i, 'kernel'], { length: kernel.length, expected, what });
  });
  const last = layers.length - 1;
  if (layers[last].activation === 'sigmoid' && layers[last].bias.length === 1) return faults;
  return [...faults, { path: ['layers', last], message: 'expected one unit with the activation sigmoid' }];
}
