import type * as TensorFlow from '@tensorflow/tfjs';

export type LoadedTensorFlow = {
  readonly tf: typeof TensorFlow;
  /** Package, version and backend, such as "@tensorflow/tfjs 4.22.0 (cpu)". */
  readonly library: string;
};

type NativeTensorFlow = typeof TensorFlow & { readonly version: { readonly 'tfjs-node'?: string } };

const nativePackage = '@tensorflow/tfjs-node';

let shared: Promise<LoadedTensorFlow> | undefined;

/** TensorFlow.js, loaded at the first call, as that takes half a second, and kept. */
export function loadTensorFlow(): Promise<LoadedTensorFlow> {
  shared ??= chooseTensorFlow(() => import(nativePackage));
  return shared;
}

/**
 * TensorFlow.js with its native library where that is installed and loads, else the one in plain JavaScript. Its own
 * talk on the console is switched off.
 *
 * @param importNative rejects where the native library cannot be had, for whatever reason
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
