import {
  type InferenceAnswer,
  type InferenceRequest,
  type ModelMetadata,
  maxInferenceRows,
  type RequestTensor,
} from '@sensor-sentinel/contracts';
import { ApiError } from '../../http/errors.ts';
import { forEachYielding } from '../../http/work-limit.ts';
import type { ServedModel } from './served-model.ts';

const outputs = [
  { name: 'prediction', datatype: 'INT64' },
  { name: 'score', datatype: 'FP64' },
] as const;

/** Converts an element according to the datatype of its tensor. */
const conversions: ReadonlyMap<string, (value: number) => number> = new Map([
  ['FP64', (value) => value],
  ['FP32', Math.fround],
]);

/** The model metadata of the Open Inference Protocol. */
export function toMetadata(name: string, model: ServedModel, versions: readonly string[]): ModelMetadata {
  return {
    name,
    versions: [...versions],
    platform: 'sensor_sentinel',
    inputs: [{ name: 'input', datatype: 'FP64', shape: [-1, model.featureNames.length] }],
    outputs: outputs.map((output) => ({ ...output, shape: [-1] })),
  };
}

/** Scores every row with one model and stores nothing. @throws ApiError `validation_failed` */
export async function infer(
  request: InferenceRequest,
  { name, model }: { name: string; model: ServedModel },
): Promise<InferenceAnswer> {
  const chosen = chooseOutputs(request);
  const rows = readInputs(request.inputs, model.featureNames);
  const results = await scoreRows(model, rows);
  return {
    model_name: name,
    model_version: model.version,
    ...(typeof request.id === 'string' && { id: request.id }),
    outputs: chosen.map((output) => ({ ...output, shape: [rows.count], data: results[output.name] })),
  };
}

/** The requested outputs in the requested order; all if none is named. */
function chooseOutputs({
  parameters,
  outputs: requested,
}: InferenceRequest): readonly (typeof outputs)[number][] {
  const wantsBinary = [{ parameters }, ...(requested ?? [])].some(
    (holder) => holder.parameters?.binary_data === true || holder.parameters?.binary_data_output === true,
  );
  if (wantsBinary)
    throw new ApiError('validation_failed', {
      detail: 'Binary tensor data is not supported. Leave out binary_data and binary_data_output.',
    });
  if (!requested || requested.length === 0) return outputs;
  return requested.map(({ name }) => {
    const output = outputs.find((known) => known.name === name);
    if (output) return output;
    const detail = `outputs: there is no output ${name}. Available: ${outputs.map((known) => known.name).join(', ')}.`;
    throw new ApiError('validation_failed', { detail });
  });
}

type OutputName = (typeof outputs)[number]['name'];

async function scoreRows(
  { featureNames, scoreRow }: ServedModel,
  { count, values }: Rows,
): Promise<Record<OutputName, number[]>> {
  const width = featureNames.length;
  const results: Record<OutputName, number[]> = { prediction: [], score: [] };
  await forEachYielding(count, (row) => {
    try {
      const { prediction, score } = scoreRow(values.subarray(row * width, (row + 1) * width));
      results.prediction.push(prediction);
      results.score.push(score);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw new ApiError('validation_failed', { detail: `row ${row}: ${cause.message}`, cause });
    }
  });
  return results;
}

/** Rows to score: row-major, `count` × number of features. */
interface Rows {
  count: number;
  values: Float64Array;
}

/**
 * Reads one tensor `input` with a column per feature, or one tensor per feature.
 * @throws ApiError `validation_failed`
 */
function readInputs(inputs: readonly RequestTensor[], featureNames: readonly string[]): Rows {
  const binary = inputs.find(({ parameters }) => parameters?.binary_data_size !== undefined);
  if (binary) throw refuse(binary.name, 'binary tensor data is not supported; send `data` as JSON');
  const [first] = inputs;
  const isMatrix = inputs.length === 1 && first?.name === 'input' && !featureNames.includes('input');
  return isMatrix && first ? readMatrix(first, featureNames) : readColumns(inputs, featureNames);
}

function refuse(tensor: string, problem: string): ApiError {
  return new ApiError('validation_failed', { detail: `${tensor}: ${problem}` });
}

function readMatrix(tensor: RequestTensor, featureNames: readonly string[]): Rows {
  const { name, shape } = tensor;
  if (shape.length !== 2 || shape[1] !== featureNames.length) {
    throw refuse(name, `expected the shape [n, ${featureNames.length}]: ${featureNames.join(', ')}`);
  }
  return { count: checkRows(name, shape[0]), values: readTensor(tensor) };
}

function checkRows(name: string, rows: number | undefined): number {
  if (rows !== undefined && rows >= 1 && rows <= maxInferenceRows) return rows;
  throw refuse(name, `expected 1 to ${maxInferenceRows} rows, not ${rows}`);
}

/** The elements in row-major order. @throws ApiError `validation_failed` that names the invalid element */
function readTensor(tensor: RequestTensor): Float64Array {
  const { name, shape, datatype } = tensor;
  const convert = conversions.get(datatype);
  if (!convert) throw refuse(name, `datatype ${datatype} is not supported; send FP64 or FP32`);
  const expected = shape.reduce((product, length) => product * length, 1);
  const elements = flatten(tensor);
  if (elements.length !== expected) {
    throw refuse(name, `data has ${elements.length} elements, but the shape [${shape}] needs ${expected}`);
  }
  return Float64Array.from(elements, (element, i) => {
    const value = typeof element === 'number' ? convert(element) : Number.NaN;
    if (Number.isFinite(value)) return value;
    throw refuse(name, `element ${i} is not a finite number of ${datatype}`);
  });
}

function flatten({ name, shape, data }: RequestTensor): readonly unknown[] {
  const width = shape[1];
  if (width === undefined || !data.some(Array.isArray)) return data;
  return data.flatMap((row: unknown, i) => {
    if (Array.isArray(row) && row.length === width) return row as unknown[];
    throw refuse(name, `data[${i}] is not an array of ${width} elements, which the shape requires`);
  });
}

function readColumns(inputs: readonly RequestTensor[], featureNames: readonly string[]): Rows {
  const width = featureNames.length;
  const tensors = new Map(inputs.map((tensor) => [tensor.name, tensor]));
  const expected = `expected one tensor "input", or one each of ${featureNames.join(', ')}`;
  if (tensors.size !== inputs.length || inputs.length !== width) {
    throw refuse('inputs', `${inputs.map(({ name }) => name).join(', ')}: ${expected}`);
  }
  const count = checkRows(inputs[0]?.name ?? '', inputs[0]?.shape[0]);
  const values = new Float64Array(count * width);
  featureNames.forEach((feature, column) => {
    const tensor = tensors.get(feature);
    if (!tensor) throw refuse('inputs', `${feature} is missing: ${expected}`);
    const [rows, columns = 1] = tensor.shape;
    if (rows !== count || columns !== 1)
      throw refuse(feature, `expected the shape [${count}] or [${count}, 1]`);
    readTensor(tensor).forEach((value, row) => {
      values[row * width + column] = value;
    });
  });
  return { count, values };
}
