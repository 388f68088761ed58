import { z } from 'zod';
import { OnnxError, quote } from './onnx-error.ts';
import type { Input, Traced } from './trace-graph.ts';

/** What the original answers for each row: the values of its score's tensor, and the label it gives. */
export interface Answer {
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

/** @throws OnnxError where the runtime refuses the model, or answers something else than a tensor */
export async function runOriginal(runtime: Runtime, original: Original): Promise<Answer[]> {
  const { traced, rows } = original;
  const session = await orRefuse(() =>
    runtime.InferenceSession.create(withOutput(original.bytes, traced.tensor), {
      logSeverityLevel: silent,
      intraOpNumThreads: 1,
    }),
  );
  try {
    const size = traced.inputs[0].batch ?? rows.length;
    const answers: Answer[] = [];
    for (let start = 0; start < rows.length; start += size) {
      const some = rows.slice(start, start + size);
      const batch = Array.from({ length: size }, (_, i) => some[Math.min(i, some.length - 1)]);
      const answered = await orRefuse(() => runBatch({ runtime, session, traced }, batch));
      answers.push(...answered.slice(0, some.length));
    }
    return answers;
  } finally {
    await session.release();
  }
}

const remedy =
  'Export the model so that onnxruntime runs it; of scikit-learn, one that takes float32, or with options={"zipmap": False}';

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

async function runBatch({ runtime, session, traced }: Running, rows: readonly number[][]): Promise<Answer[]> {
  const { tensor, labels } = traced;
  const feeds = Object.fromEntries(toFeeds(runtime, traced, rows));
  const names = [...new Set([tensor, ...(labels === undefined ? [] : [labels])])];
  const outputs = new Map(Object.entries(await session.run(feeds, names)));
  const read = (name: string) => {
    const parsed = tensorSchema.safeParse(outputs.get(name));
    if (!parsed.success) throw new OnnxError(`output ${quote(name)} is no tensor of numbers or text`);
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
 * The model with one output more: two messages one after the other are read as one, so that an output in a graph that
 * is appended is added to those that are there (protobuf.dev/programming-guides/encoding, "Last One Wins").
 */
function withOutput(model: Uint8Array, tensor: string): Uint8Array {
  const name = bytesField(1, new TextEncoder().encode(tensor));
  return Buffer.concat([model, bytesField(7, bytesField(12, name))]);
}

function bytesField(number: number, payload: Uint8Array): Uint8Array {
  const length: number[] = [];
  for (let rest = payload.length; ; rest = Math.floor(rest / 128)) {
    length.push(rest < 128 ? rest : (rest % 128) + 128);
    if (rest < 128) break;
  }
  return Buffer.concat([Uint8Array.of(number * 8 + 2, ...length), payload]);
}

/** What is used of onnxruntime-node, typed here as the package is not installed where types are checked. */
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
      remedy: installRemedy,
      cause,
    });
  }
}
