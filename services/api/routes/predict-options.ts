import type { Ingest } from '../ingest/ingest.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ModelInUse } from '../models/model-in-use.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import type { WorkLimit } from '../server/work-limit.ts';

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
