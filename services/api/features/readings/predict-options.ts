import type { WorkLimit } from '../../http/work-limit.ts';
import type { ModelInUse } from '../models/model-in-use.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import type { Ledger } from '../sensors/ledger.ts';
import type { Ingest } from './ingest.ts';

export interface PredictOptions {
  ingest: Ingest;
  inUse: ModelInUse;
  registry: ModelRegistry;
  ledger?: Pick<Ledger, 'count'> | undefined;
  now: () => Date;
  maxBodyBytes: number;
  maxBatchReadings: number;
  maxLineBytes: number;
  /** Of a compressed stream, after decompression. */
  maxDecodedBytes: number;
  /** Explanations and votes, which take longer than everything else that is done for one reading. */
  explaining: WorkLimit;
  /** Aborted once the process is to end: streams then end with what they have. */
  stopping: AbortSignal;
}
