import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { loadArtifact } from '@sensor-sentinel/model';
import type { LoadedMessage } from './model-worker.ts';
import { type PreparedModel, prepareModel } from './prepare-model.ts';

/**
 * Larger files are loaded in a worker thread, which takes about 0.2 s to start. Loading a file of this size blocks requests for
 * a few hundredths of a second.
 */
const maxBytesOnMainThread = 256 * 1024;

interface LoadOptions {
  /** The size of the file, in bytes. */
  size: number;
  /** Ends the worker thread. */
  signal: AbortSignal;
}

/**
 * Reads, verifies and prepares an artifact, in a worker thread if it is large: requests are answered meanwhile.
 * @throws Error that says why the file is not a valid artifact, or an AbortError
 */
export async function loadModel(path: string, { size, signal }: LoadOptions): Promise<PreparedModel> {
  return size > maxBytesOnMainThread ? loadInWorker(path, signal) : prepareModel(await loadArtifact(path));
}

async function loadInWorker(path: string, signal: AbortSignal): Promise<PreparedModel> {
  signal.throwIfAborted();
  const worker = new Worker(new URL('./model-worker.ts', import.meta.url), { workerData: path });
  try {
    const [message]: LoadedMessage[] = await once(worker, 'message', { signal });
    if (message === undefined || 'fault' in message) throw new Error(message?.fault);
    return message.model;
  } finally {
    await worker.terminate();
  }
}
