import type { Pool } from 'mysql2/promise';
import type { ActiveRule } from '../../rules/active-rules.ts';
import type { createOwnArrivalReader } from '../../stream/arrival-reader.ts';
import type { OwnArrivals } from '../../stream/own-arrivals.ts';
import type { TypeRegistry } from '../../types/type-registry.ts';
import type { createDueTimes } from './due-times.ts';
import type { EvaluationInput } from './evaluation-row.ts';
import type { Evaluators } from './evaluators.ts';
import type { IncidentWriter, WriterOptions } from './incident-writer.ts';
import type { RejectionCounter } from './rejections.ts';

export const intervalsMs = {
  rules: 1000,
  time: 1000,
  rejections: 5000,
  write: 1000,
  states: 2000,
  checkpoint: 30_000,
};

export interface SessionOptions extends WriterOptions {
  /** For transactions. */
  pool: Pool;
  /** For queries. */
  following: Pool;
  types: TypeRegistry;
  listRules: () => Promise<ActiveRule[]>;
  ownArrivals: OwnArrivals;
  maxClockSkewMs: number;
  now: () => Date;
}

/** The evaluation by the process that has the lease. After an error, it is opened again from what is stored. */
export interface Session {
  options: SessionOptions;
  fence: number;
  evaluators: Evaluators;
  reader: ReturnType<typeof createOwnArrivalReader>;
  rejections: RejectionCounter;
  writer: IncidentWriter;
  /** Since the last checkpoint. */
  inputs: EvaluationInput[];
  readings: number;
  /** What `GET /rules` shows, as it was written last. */
  states: string;
  due: ReturnType<typeof createDueTimes<keyof typeof intervalsMs>>;
}
