import { maxInferenceRows, type RequestTensor } from '@sensor-sentinel/contracts';
import { ApiError } from '../../http/errors.ts';
import { datatypes } from './datatypes.ts';

/** For KServe's client and tritonclient, which send binary data by default. */
export const binaryRefusal =
  'binary tensor data is not supported; send `data` as JSON, with set_data_from_numpy(…, binary_data=False) in clients of Python';

/** Rows to score: row-major, `count` × number of features. */
export interface Rows {
  count: number;
  values: Float64Array;
}

/**
 * Reads one tensor `input` with a column per feature, or one tensor per feature.
 * @throws ApiError `validation_failed`
 */
export function readInputs(inputs: readonly RequestTensor[], featureNames: readonly string[]): Rows {
  const binary = inputs.find(({ parameters }) => parameters?.binary_data_size !== undefined);
  if (binary) throw refuse(binary.name, binaryRefusal);
  const [first] = inputs;
  const isMatrix = inputs.length === 1 && first?.name === 'input' && !featureNames.includes('input');
  return isMatrix && first ? readMatrix(first, featureNames) : readColumns(inputs, featureNames);
}

function refuse(tensor: string, problem: string): ApiError {
  return new ApiError('validation_failed', { detail: `${tensor}: ${problem}` });
}

function readMatrix(tensor: RequestTensor, featureNames: readonly string[]): Rows {
  const { name, shape } = tensor;
  const width = featureNames.length;
  // Of a single feature, a vector has the rows; else it is one row.
  const [rows, columns] = shape.length === 2 ? shape : width === 1 ? [shape[0], 1] : [1, shape[0]];
  if (columns !== width) {
    throw refuse(
      name,
      `expected the shape [n, ${width}], or [${width}] for one row: ${featureNames.join(', ')}`,
    );
  }
  return { count: checkRows(name, rows), values: readTensor(tensor) };
}

function checkRows(name: string, rows: number | undefined): number {
  if (rows !== undefined && rows >= 1 && rows <= maxInferenceRows) return rows;
  throw refuse(name, `expected 1 to ${maxInferenceRows} rows, not ${rows}`);
}

/** The elements in row-major order. @throws ApiError `validation_failed` that names the invalid element */
function readTensor(tensor: RequestTensor): Float64Array {
  const { name, shape, datatype } = tensor;
  const convert = datatypes.get(datatype);
  if (!convert) {
    const known = [...datatypes.keys()].join(', ');
    throw refuse(name, `datatype ${datatype} is not supported; send one of ${known}`);
  }
  const expected = shape.reduce((product, length) => product * length, 1);
  const elements = flatten(tensor);
  if (elements.length !== expected) {
    throw refuse(name, `data has ${elements.length} elements, but the shape [${shape}] needs ${expected}`);
  }
  return Float64Array.from(elements, (element, i) => {
    const value = convert(element);
    if (typeof value === 'number') return value;
    throw refuse(name, `element ${i} is not ${value.expected} of ${datatype}`);
  });
}

function flatten({ name, shape, data }: RequestTensor): readonly unknown[] {
  if (data === undefined) throw refuse(name, 'data is required as JSON');
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
