import type { InferenceAnswer, InferenceRequest, ModelMetadata } from '@sensor-sentinel/contracts';
import { ApiError } from '../../http/errors.ts';
import { forEachYielding } from '../../http/work-limit.ts';
import { type Rows, readInputs } from './read-tensors.ts';
import type { ServedModel } from './served-model.ts';

const outputs = [
  { name: 'prediction', datatype: 'INT64' },
  { name: 'score', datatype: 'FP64' },
] as const;

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
    ...(request.id != null && { id: request.id }),
    outputs: chosen.map((output) => ({ ...output, shape: [rows.count], data: results[output.name] })),
  };
}

/**
 * The requested outputs in the requested order; all if none is named. Clients that ask for binary data, as tritonclient does by
 * default, also read JSON.
 */
function chooseOutputs({ outputs: requested }: InferenceRequest): readonly (typeof outputs)[number][] {
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
