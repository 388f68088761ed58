import { z } from 'zod';
import { OnnxError, quote } from './onnx-error.ts';
import { modelType } from './onnx-schema.ts';
import type { Input, Traced } from './trace-graph.ts';

/** The original model's output for a row: the values of its score tensor, and its label. */
export interface RuntimeOutput {
  readonly scores: readonly number[];
  readonly label: string | undefined;
}

/** @param rows unscaled, in the order of the model's features */
export interface Original {
  readonly bytes: Uint8Array;
  readonly traced: Traced;
  readonly rows: readonly number[][];
}

const silent = 4;

/** @throws OnnxError where the runtime refuses the model, or an output is not a tensor */
export async function runOriginal(runtime: Runtime, original: Original): Promise<RuntimeOutput[]> {
  const { traced, rows } = original;
  const session = await orRefuse(() =>
    runtime.InferenceSession.create(withOutput(original.bytes, traced.tensor), {
      logSeverityLevel: silent,
      intraOpNumThreads: 1,
    }),
  );
  try {
    const size = traced.inputs[0].batch ?? rows.length;
    const outputs: RuntimeOutput[] = [];
    for (let start = 0; start < rows.length; start += size) {
      const some = rows.slice(start, start + size);
      const batch = Array.from({ length: size }, (_, i) => some[Math.min(i, some.length - 1)]);
      const batchOutputs = await orRefuse(() => runBatch({ runtime, session, traced }, batch));
      outputs.push(...batchOutputs.slice(0, some.length));
    }
    return outputs;
  } finally {
    await session.release();
  }
}

const remedy =
  'Export the model in a form that onnxruntime can run; with skl2onnx, use float32 inputs or options={"zipmap": False}';

async function orRefuse<Result>(run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (cause) {
    if (cause instanceof OnnxError) throw cause;
    const reason = (cause instanceof Error ? cause.message : String(cause))
      .slice(0, 500)
      .replace(/[.\s]+$/, '');
    throw new OnnxError(`onnxruntime-node refuses the model: ${reason}`, { remedy, cause });
  }
}

const tensorSchema = z.object({
  data: z.union([
    z.instanceof(Float32Array),
    z.instanceof(Float64Array),
    z.instanceof(BigInt64Array),
    z.array(z.string()),
  ]),
});

interface Running {
  readonly runtime: Runtime;
  readonly session: Session;
  readonly traced: Traced;
}

async function runBatch(
  { runtime, session, traced }: Running,
  rows: readonly number[][],
): Promise<RuntimeOutput[]> {
  const { tensor, labels } = traced;
  const feeds = Object.fromEntries(toFeeds(runtime, traced, rows));
  const names = [...new Set([tensor, ...(labels === undefined ? [] : [labels])])];
  const results = new Map(Object.entries(await session.run(feeds, names)));
  const read = (name: string) => {
    const parsed = tensorSchema.safeParse(results.get(name));
    if (!parsed.success) throw new OnnxError(`output ${quote(name)} is not a tensor of numbers or strings`);
    if (parsed.data.data.length % rows.length !== 0) {
      throw new OnnxError(
        `output ${quote(name)} has ${parsed.data.data.length} values for ${rows.length} rows`,
      );
    }
    const values: Iterable<unknown> = parsed.data.data;
    return [...values];
  };
  const scores = read(tensor).map(Number);
  const given = labels === undefined ? [] : read(labels).map(String);
  const columns = scores.length / rows.length;
  return rows.map((_, i) => ({ scores: scores.slice(i * columns, (i + 1) * columns), label: given[i] }));
}

function toFeeds(
  runtime: Runtime,
  { inputs, result }: Traced,
  rows: readonly number[][],
): [string, object][] {
  const { columns } = result.source.features;
  return inputs.map((input, i) => {
    const features = Array.from({ length: input.width }, (_, j) => i + j);
    const places = features.map((feature) => columns.findIndex((column) => column.feature === feature));
    const values = rows.flatMap((row) => places.map((place) => row[place]));
    return [input.name, toTensor(runtime, input, values)];
  });
}

function toTensor(runtime: Runtime, { elementType, width }: Input, values: number[]): object {
  const dims = [values.length / width, width];
  return elementType === 'float'
    ? new runtime.Tensor('float32', Float32Array.from(values), dims)
    : new runtime.Tensor('float64', Float64Array.from(values), dims);
}

/**
 * Adds an output to a model. Two concatenated protobuf messages are read as one, so an output in an appended
 * graph is added to the existing ones (protobuf.dev/programming-guides/encoding, "Last One Wins").
 */
function withOutput(model: Uint8Array, tensor: string): Uint8Array {
  return Buffer.concat([model, modelType.encode({ graph: { outputs: [{ name: tensor }] } }).finish()]);
}

/** The part of onnxruntime-node that is used. The package is not installed where types are checked. */
export interface Runtime {
  readonly InferenceSession: {
    create(model: Uint8Array, options?: Record<string, unknown>): Promise<Session>;
  };
  readonly Tensor: new (type: string, values: Float32Array | Float64Array, dims: number[]) => object;
}

export interface Session {
  run(feeds: Record<string, object>, fetches: string[]): Promise<Record<string, unknown>>;
  release(): Promise<void>;
}

const runtimeSchema = z.object({
  InferenceSession: z.custom<Runtime['InferenceSession']>((part) => typeof part === 'function'),
  Tensor: z.custom<Runtime['Tensor']>((part) => typeof part === 'function'),
});

const installRemedy =
  'It is large and not installed by default. Install it with `npm install --no-save onnxruntime-node`, or with `ONNXRUNTIME_NODE_INSTALL=skip npm install --no-save onnxruntime-node` where its download is blocked';

/** @throws OnnxError with the command that installs the runtime, where it is missing */
export async function loadRuntime(packageName = 'onnxruntime-node'): Promise<Runtime> {
  try {
    return runtimeSchema.parse(await import(packageName));
  } catch (cause) {
    const isAbsent = cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND';
    const problem = isAbsent
      ? 'is not installed'
      : `does not load (${String(cause).split('\n')[0].slice(0, 200)})`;
    throw new OnnxError(`${packageName}, which runs the original model for comparison, ${problem}`, {
      remedy: installRemedy,
      cause,
    });
  }
}
