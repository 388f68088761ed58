import { parentPort, workerData } from 'node:worker_threads';
import { loadArtifact } from '@sensor-sentinel/model';
import { type PreparedModel, prepareModel } from './prepare-model.ts';

/** What the worker thread sends once: the model, or why the file is not a valid artifact. */
export type LoadedMessage = { model: PreparedModel } | { fault: string };

/** The memory of all typed arrays of a value. Transferring it is free; a copy would block the receiver. */
function listBuffers(value: unknown): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) return value.buffer instanceof ArrayBuffer ? [value.buffer] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(listBuffers) : [];
}

async function load(path: string): Promise<LoadedMessage> {
  try {
    return { model: prepareModel(await loadArtifact(path)) };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

const message = await load(workerData);
parentPort?.postMessage(message, [...new Set(listBuffers(message))]);
