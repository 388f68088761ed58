import { z } from 'zod';
import { OnnxError } from './onnx-error.ts';

/** What is used of onnxruntime-node, typed here as the package is not installed where types are checked. */
export type Runtime = {
  readonly InferenceSession: {
    create(model: Uint8Array, options?: Record<string, unknown>): Promise<Session>;
  };
  readonly Tensor: new (type: string, values: Float32Array | Float64Array, dims: number[]) => object;
};

export type Session = {
  run(feeds: Record<string, object>, fetches: string[]): Promise<Record<string, unknown>>;
  release(): Promise<void>;
};

const runtimeSchema = z.object({
  InferenceSession: z.custom<Runtime['InferenceSession']>((part) => typeof part === 'function'),
  Tensor: z.custom<Runtime['Tensor']>((part) => typeof part === 'function'),
});

const remedy =
  'It is large, so it is not installed by default. Add it with `npm install --no-save onnxruntime-node`, or `ONNXRUNTIME_NODE_INSTALL=skip npm install --no-save onnxruntime-node` where its own download is blocked';

/** @throws OnnxError with the command that adds the runtime, where it is not there */
export async function loadRuntime(packageName = 'onnxruntime-node'): Promise<Runtime> {
  try {
    return runtimeSchema.parse(await import(packageName));
  } catch (cause) {
    const isAbsent = cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND';
    const problem = isAbsent
      ? 'is not installed'
      : `does not load (${String(cause).split('\n')[0].slice(0, 200)})`;
    throw new OnnxError(`${packageName}, which runs the original for comparison, ${problem}`, {
      remedy,
      cause,
    });
  }
}
