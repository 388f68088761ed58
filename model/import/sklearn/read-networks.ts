import type { Classifier } from '../../classifiers/families.ts';
import { describe } from '../pickle/pickle-value.ts';
import type { Attributes } from './attributes.ts';

const activations = { relu: 'relu', tanh: 'tanh', logistic: 'sigmoid', identity: 'linear' } as const;

/** `MLPClassifier` (sklearn/neural_network/_multilayer_perceptron.py). The output for two classes is one logistic unit. */
export function readNetwork(attributes: Attributes): Classifier {
  const activation = attributes.text('activation');
  if (!isKnown(activation)) throw attributes.fault('activation', `${describe(activation)} is not supported`);
  const output = attributes.text('out_activation_');
  if (output !== 'logistic') {
    throw attributes.fault('out_activation_', `${describe(output)}, expected "logistic"`);
  }
  const kernels = attributes.list('coefs_');
  const biases = attributes.list('intercepts_');
  const layers = kernels.map((kernel, i) => {
    const bias = attributes.numbersOf('intercepts_', biases[i], [undefined]);
    return {
      activation: i < kernels.length - 1 ? activations[activation] : ('sigmoid' as const),
      kernel: Array.from(attributes.numbersOf('coefs_', kernel, [undefined, bias.length])),
      bias: Array.from(bias),
    };
  });
  return { family: 'neural-network', layers };
}

function isKnown(activation: string): activation is keyof typeof activations {
  return Object.hasOwn(activations, activation);
}
