import type { ImportedParts } from '../imported-parts.ts';
import { convertOnnx } from './convert-onnx.ts';
import { toImportError } from './onnx-error.ts';

/**
 * A model in ONNX as a scaler and a classifier of this project: no runtime serves it. That the two agree is for
 * `judgeOnnx` to say.
 *
 * @param source the file's name, for the messages
 * @throws ImportError for what is not ONNX, is damaged, or has an operator that cannot be converted, by name
 */
export async function importOnnx(bytes: Uint8Array, source: string): Promise<ImportedParts> {
  try {
    return convertOnnx(bytes).parts;
  } catch (error) {
    throw toImportError(error, source);
  }
}
