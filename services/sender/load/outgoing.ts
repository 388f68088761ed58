import type { Prediction } from '@sensor-sentinel/contracts';

/** A reading of the file: flat, with the features of its type. */
export interface FileReading {
  sensor_id: string;
  type?: string;
  /** A feature; null: its value is missing. */
  [feature: string]: number | string | null | undefined;
}

export interface SentReading extends FileReading {
  id: string;
  timestamp?: string;
}

/** A row on its way to the API. Its id exists before the first attempt, so that no retry stores it twice. */
export interface Outgoing {
  reading: SentReading;
  /** The line of the file, for messages. */
  line: number;
  /** When it is due, on the elapsed clock. Missing: as soon as a connection is free. */
  dueAtMs?: number;
  /** An invalid body to be sent instead of the reading. */
  garbage?: string;
}

/** What an answer says about a row. 409, or a fault of the id: `conflict`; other faults of its fields: `rejected`. */
export type RowAnswer =
  | { outcome: 'accepted'; prediction: Prediction; isDuplicate: boolean }
  /** `paths`: the fields at fault. */
  | { outcome: 'conflict' | 'rejected' | 'unreadable'; detail: string; paths?: readonly string[] };

export type RowOutcome = RowAnswer | { outcome: 'unfinished' };

/**
 * How a row ended. `dropped`: too late to be sent. `skipped`: refused for its missing values only. `unfinished`: aborted before
 * it was answered.
 */
export type Settled = { outgoing: Outgoing } & (RowOutcome | { outcome: 'dropped' | 'skipped' });
