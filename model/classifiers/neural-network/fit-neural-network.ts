import { setImmediate } from 'node:timers/promises';
import type { Tensor2D, Variable } from '@tensorflow/tfjs';
import { z } from 'zod';
import { createRandom, type Random, shuffledIndices } from '../../dataset/random.ts';
import type { Matrix } from '../../matrix.ts';
import { checkLabels } from '../binary-classifier.ts';
import type { NeuralNetwork } from './neural-network.ts';

/**
 * Two hidden layers. Training runs for `epochs` epochs, or for more where these are fewer than `min_steps`
 * gradient steps. `l2` is the loss added per squared kernel weight.
 */
export const neuralNetworkParametersSchema = z.strictObject({
  units_1: z.int().min(1).max(1024).default(32),
  units_2: z.int().min(1).max(1024).default(16),
  epochs: z.int().min(1).max(10_000).default(40),
  min_steps: z.int().min(1).max(1_000_000).default(200),
  batch_size: z.int().min(1).max(65_536).default(128),
  learning_rate: z.number().positive().max(10).default(0.02),
  l2: z.number().nonnegative().default(1e-3),
  seed: z.int().min(0).max(4_294_967_295).default(0),
});
export type NeuralNetworkParameters = z.infer<typeof neuralNetworkParametersSchema>;

type TensorFlow = typeof import('@tensorflow/tfjs');
interface Batch {
  readonly features: Tensor2D;
  readonly labels: Tensor2D;
}

/** `kernel` is inputs × units. */
interface Weights {
  readonly kernel: Variable;
  readonly bias: Variable;
}

const stepsBetweenPauses = 20;

/**
 * A network of ReLU layers with a sigmoid output, trained by TensorFlow.js in float32 on the cross-entropy,
 * by Adam (Kingma and Ba, arXiv:1412.6980) with cosine decay of the learning rate (Loshchilov and Hutter,
 * arXiv:1608.03983). Kernels start from the uniform distribution of Glorot and Bengio (AISTATS 2010, formula
 * 16), biases at 0. All random numbers come from the seed, so the same rows give the same weights with the
 * same version of the library.
 *
 * @param matrix scaled features, n × d, of similar magnitude
 * @param labels one 0 or 1 per row; both occur
 * @throws RangeError when labels do not match the rows, only one class occurs, or the weights do not stay
 *   finite
 * @throws ZodError when a parameter is out of range
 */
export async function fitNeuralNetwork(
  matrix: Matrix,
  labels: Uint8Array,
  parameters: Partial<NeuralNetworkParameters> = {},
): Promise<NeuralNetwork> {
  checkLabels(matrix, labels);
  const settings = neuralNetworkParametersSchema.parse(parameters);
  const { tf } = await loadTensorFlow();
  const random = createRandom(settings.seed);
  const layers = drawWeights(tf, [matrix.columns, settings.units_1, settings.units_2, 1], random);
  const variables = layers.flatMap(({ kernel, bias }) => [kernel, bias]);
  const optimizer = tf.train.adam(settings.learning_rate);
  const batchSize = Math.min(settings.batch_size, matrix.rows);
  const stepsPerEpoch = Math.floor(matrix.rows / batchSize);
  const epochs = Math.max(settings.epochs, Math.ceil(settings.min_steps / stepsPerEpoch));
  const steps = epochs * stepsPerEpoch;
  try {
    for (let step = 0, order = shuffledIndices(0, random); step < steps; step++) {
      const place = step % stepsPerEpoch;
      if (place === 0) order = shuffledIndices(matrix.rows, random);
      const rows = order.subarray(place * batchSize, (place + 1) * batchSize);
      // The optimizer has no public setter for the learning rate.
      Object.assign(optimizer, {
        learningRate: (settings.learning_rate / 2) * (1 + Math.cos((Math.PI * step) / steps)),
      });
      tf.tidy(() => {
        const batch = toBatch(tf, { matrix, labels }, rows);
        optimizer.minimize(() => loss(tf, { layers, l2: settings.l2 }, batch), false, variables);
      });
      if (step % stepsBetweenPauses === 0) await setImmediate();
    }
    return toNetwork(layers);
  } finally {
    optimizer.dispose();
    tf.dispose(variables);
  }
}

function drawWeights(tf: TensorFlow, sizes: readonly number[], random: Random): Weights[] {
  return sizes.slice(1).map((units, i) => {
    const limit = Math.sqrt(6 / (sizes[i] + units));
    const kernel = Float32Array.from({ length: sizes[i] * units }, () => random.between(-limit, limit));
    return tf.tidy(() => ({
      kernel: tf.variable(tf.tensor2d(kernel, [sizes[i], units])),
      bias: tf.variable(tf.zeros([units])),
    }));
  });
}

function toBatch(
  tf: TensorFlow,
  { matrix: { columns, values }, labels }: { matrix: Matrix; labels: Uint8Array },
  rows: Int32Array,
): Batch {
  const features = new Float32Array(rows.length * columns);
  for (const [i, row] of rows.entries()) {
    features.set(values.subarray(row * columns, (row + 1) * columns), i * columns);
  }
  return {
    features: tf.tensor2d(features, [rows.length, columns]),
    labels: tf.tensor2d(
      Float32Array.from(rows, (row) => labels[row]),
      [rows.length, 1],
    ),
  };
}

function loss(
  tf: TensorFlow,
  { layers, l2 }: { layers: readonly Weights[]; l2: number },
  { features, labels }: Batch,
) {
  const last = layers.length - 1;
  let values = features;
  for (const [i, { kernel, bias }] of layers.entries()) {
    const sums = tf.add<Tensor2D>(tf.matMul(values, kernel), bias);
    values = i < last ? tf.relu(sums) : sums;
  }
  const squares = layers.map(({ kernel }) => tf.sum(tf.square(kernel)));
  return tf.add(tf.losses.sigmoidCrossEntropy(labels, values), tf.mul(tf.addN(squares), l2)).asScalar();
}

function toNetwork(layers: readonly Weights[]): NeuralNetwork {
  const last = layers.length - 1;
  const read = (variable: Variable) => {
    const values = Array.from(variable.dataSync<'float32'>());
    if (values.every(Number.isFinite)) return values;
    throw new RangeError('the weights of the network diverge: scale the features');
  };
  return {
    family: 'neural-network',
    layers: layers.map(({ kernel, bias }, i) => ({
      activation: i < last ? 'relu' : 'sigmoid',
      kernel: read(kernel),
      bias: read(bias),
    })),
  };
}

export interface LoadedTensorFlow {
  readonly tf: TensorFlow;
  /** Package, version and backend, such as "@tensorflow/tfjs 4.22.0 (cpu)". */
  readonly library: string;
}

type NativeTensorFlow = TensorFlow & { readonly version: { readonly 'tfjs-node'?: string } };

const nativePackage = '@tensorflow/tfjs-node';

let shared: Promise<LoadedTensorFlow> | undefined;

/** TensorFlow.js, loaded once on the first call, which takes half a second. */
export function loadTensorFlow(): Promise<LoadedTensorFlow> {
  shared ??= chooseTensorFlow(() => import(nativePackage));
  return shared;
}

/**
 * TensorFlow.js with its native library where that is installed and loads, else in plain JavaScript. Its
 * console messages are turned off.
 *
 * @param importNative rejects where the native library is unavailable
 */
export async function chooseTensorFlow(
  importNative: () => Promise<NativeTensorFlow>,
): Promise<LoadedTensorFlow> {
  const native = await importNative().catch(() => undefined);
  const tf = native ?? (await import('@tensorflow/tfjs'));
  tf.env().set('PROD', true);
  if (native === undefined) await tf.setBackend('cpu');
  await tf.ready();
  const used =
    native === undefined
      ? `@tensorflow/tfjs ${tf.version.tfjs}`
      : `${nativePackage} ${native.version['tfjs-node'] ?? native.version.tfjs}`;
  return { tf, library: `${used} (${tf.getBackend()})` };
}
